// Macros for the assembly of products. Go's assembler knows few operations on vectors of floats, so that two are given by
// their codes: these take numbers of registers, and FMLA that of an element x[lane] too.

#define FMLA(d, n, x, lane) WORD $(0x4f801000 + ((lane)&1)<<21 + ((lane)>>1)<<11 + (x)<<16 + (n)<<5 + (d))
#define FADD(d, n) WORD $(0x4e20d400 + (n)<<16 + (d)<<5 + (d))

// Row i of a tile has its sums in V(4i) to V(4i+3); k is the number of a vector in a row, which takes its part of B or C
// in V30 or V31. ROW… run M(l, k, …) for a row with what belongs to it: its number, its sums, its part of A, a pointer.
#define ROW0(M, l, k) M(l, k, 0, F0, F1, F2, F3, F24, R14, ROW0)
#define ROW1(M, l, k) M(l, k, 1, F4, F5, F6, F7, F25, R15, ROW1)
#define ROW2(M, l, k) M(l, k, 2, F8, F9, F10, F11, F26, R16, ROW2)
#define ROW3(M, l, k) M(l, k, 3, F12, F13, F14, F15, F27, R17, ROW3)
#define ROW4(M, l, k) M(l, k, 4, F16, F17, F18, F19, F28, R19, ROW4)
#define ROW5(M, l, k) M(l, k, 5, F20, F21, F22, F23, F29, R20, ROW5)

#define ROWS1(M, l, k) ROW0(M, l, k)
#define ROWS2(M, l, k) ROW0(M, l, k); ROW1(M, l, k)
#define ROWS3(M, l, k) ROWS2(M, l, k); ROW2(M, l, k)
#define ROWS4(M, l, k) ROWS3(M, l, k); ROW3(M, l, k)
#define ROWS5(M, l, k) ROWS4(M, l, k); ROW4(M, l, k)
#define ROWS6(M, l, k) ROWS5(M, l, k); ROW5(M, l, k)

// For M: begin a row with 0; add what was loaded to its sums.
#define ZERO(l, k, i, f0, f1, f2, f3, x, r, row) FMOVS ZR, f0; FMOVS ZR, f1; FMOVS ZR, f2; FMOVS ZR, f3
#define PLUS(l, k, i, f0, f1, f2, f3, x, r, row) FADD(4*i+k, 30+k&1)
