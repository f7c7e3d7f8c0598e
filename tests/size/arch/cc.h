// cc.h - assertions are left out, as boards do
// SPDX-License-Identifier: MIT

#ifndef SIZE_ARCH_CC_H
#define SIZE_ARCH_CC_H

#define LWIP_PLATFORM_DIAG(x)
#define LWIP_PLATFORM_ASSERT(x)

#endif // SIZE_ARCH_CC_H
