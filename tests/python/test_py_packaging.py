# test_py_packaging.py - how iperf3.py gets onto a board, and its types
# SPDX-License-Identifier: MIT

import ast
import json
import os
import pathlib
import re
import subprocess
import sys

import iperf3
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PYTHON = ROOT / "python"
MICROPYTHON = pathlib.Path(os.environ.get("MICROPYTHON_DIR") or ROOT / "build/deps/micropython")


def run(*command, **options):
    result = subprocess.run(command, capture_output=True, text=True, **options)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def test_all_files_have_the_same_version():
    texts = [path.read_text() for path in (ROOT / "include").glob("*.h")]
    versions = set(re.findall(r'#define IPERF3_VERSION "(.*?)"', "".join(texts)))
    versions |= set(re.findall(r'version="(.*?)"', (PYTHON / "manifest.py").read_text()))
    versions.add(json.loads((ROOT / "package.json").read_text())["version"])
    assert versions == {iperf3.__version__}


def test_mip_finds_what_the_package_names():
    """mip joins an address that has no scheme to that of package.json."""
    package = json.loads((ROOT / "package.json").read_text())
    assert [target for target, _ in package["urls"]] == ["iperf3.py"]
    for _, address in package["urls"]:
        assert ":" not in address
        assert (ROOT / address).is_file()


def test_the_manifest_freezes_the_module():
    sys.path.insert(0, str(MICROPYTHON / "tools"))
    manifestfile = pytest.importorskip("manifestfile")
    folders = {"MPY_DIR": str(MICROPYTHON), "MPY_LIB_DIR": str(MICROPYTHON)}
    manifest = manifestfile.ManifestFile(manifestfile.MODE_FREEZE, folders)
    manifest.execute(str(PYTHON / "manifest.py"))
    files = {entry.target_path: entry.metadata for entry in manifest.files()}
    assert list(files) == ["iperf3.py"]
    assert files["iperf3.py"].version == iperf3.__version__


def test_the_stub_is_that_of_the_module(tmp_path):
    environment = {"MYPYPATH": str(PYTHON), "PYTHONPATH": str(PYTHON), "PATH": "/usr/bin:/bin"}
    run("stubtest", "iperf3", "--ignore-missing-stub", cwd=tmp_path, env=environment)


EXAMPLE = """
import iperf3, iperf3_lwip
rate: float = iperf3.client("192.168.0.8", True, bandwidth=5_000_000)["bits_per_second"]
iperf3.server(5201, one_off=True, on_interval=print)
iperf3_lwip.client("192.168.0.8", 5201, 10, 16384, udp=True)
iperf3_lwip.udp_server(port=5202)
with iperf3_lwip.Server(quiet=True) as server:
    server.start(background=True)
async def run() -> None:
    async for interval in iperf3_lwip.Client("192.168.0.8"):
        print(interval["bytes"])
"""


def test_types(tmp_path):
    script = tmp_path / "example.py"
    script.write_text(EXAMPLE)
    environment = {"MYPYPATH": str(PYTHON), "PATH": "/usr/bin:/bin"}
    run("mypy", "--strict", "--cache-dir", str(tmp_path), str(script), env=environment)
    script.write_text(EXAMPLE.replace("True, bandwidth", "True, bandwith_=1, bandwidth='1', x"))
    with pytest.raises(AssertionError, match="bandwidth"):
        run("mypy", "--strict", "--cache-dir", str(tmp_path), str(script), env=environment)


def documented_arguments():
    """README's, which tools/check_docs compares with the module."""
    signatures = re.findall(
        r"^    (\w+)\(([^)]*)\) -> dict", (ROOT / "README.md").read_text(), re.M
    )
    return {name: set(re.findall(r"\b[a-z]\w*(?==|,)", text)) for name, text in signatures}


def test_the_stub_of_iperf3_lwip_has_its_arguments():
    tree = ast.parse((PYTHON / "iperf3_lwip.pyi").read_text())
    stubs = {
        node.name: {a.arg for a in node.args.args + node.args.kwonlyargs}
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    }
    assert stubs == documented_arguments()
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name in ("Client", "Server"):
            init = node.body[0].args
            names = {a.arg for a in init.args + init.kwonlyargs} - {"self"}
            assert names == stubs[node.name.lower()]
