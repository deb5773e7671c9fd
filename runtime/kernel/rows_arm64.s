//go:build !purego

#include "textflag.h"
#include "product_arm64.h"

// Blocks of one to three rows: one panel alone would have 4 sums for each, so that these take two panels at a time, or
// four. They load as many vectors as one row multiplies, or half and a third as many.

// Rows of sums belong to a row of A and a panel of B; those of the first panel come first. PANEL loads 16 columns and runs M
// for the rows of sums H.
#define PANEL(H, M, l, at, p) \
	FLDPQ at(p), (F30, F31); \
	H(M, l, 0); \
	H(M, l, 1); \
	FLDPQ at+32(p), (F30, F31); \
	H(M, l, 2); \
	H(M, l, 3)

#define SECOND2(M, l, k) ROW2(M, l, k); ROW3(M, l, k)
#define SECOND3(M, l, k) ROW3(M, l, k); ROW4(M, l, k); ROW5(M, l, k)

// For M: add products, of l rows of A; store sums at l(k).
#define TIMES(l, k, i, f0, f1, f2, f3, x, r, row) FMLA(4*i+k, 30+k&1, 24+i%l, 0)
#define STORE(l, k, i, f0, f1, f2, f3, x, r, row) FSTPQ (f0, f1), l(k); FSTPQ (f2, f3), l+32(k)

// A term of A, and of B's panels.
#define A1 FMOVS (R19), F24; ADD R7, R19
#define A2 A1; FMOVS (R20), F25; ADD R7, R20
#define A3 A2; FMOVS (R21), F26; ADD R7, R21
#define B1 PANEL(ROW0, TIMES, 1, 0, R14); PANEL(ROW1, TIMES, 1, 0, R15); ADD R8, R14; ADD R8, R15
#define B1FOUR B1; PANEL(ROW2, TIMES, 1, 0, R16); PANEL(ROW3, TIMES, 1, 0, R17); ADD R8, R16; ADD R8, R17
#define B2 PANEL(ROWS2, TIMES, 2, 0, R14); PANEL(SECOND2, TIMES, 2, 0, R15); ADD R8, R14; ADD R8, R15
#define B3 PANEL(ROWS3, TIMES, 3, 0, R14); PANEL(SECOND3, TIMES, 3, 0, R15); ADD R8, R14; ADD R8, R15

// The bias of the panels.
#define BIAS1 PANEL(ROW0, PLUS, 0, 0, R3); PANEL(ROW1, PLUS, 0, 64, R3)
#define BIAS1FOUR BIAS1; PANEL(ROW2, PLUS, 0, 128, R3); PANEL(ROW3, PLUS, 0, 192, R3)
#define BIAS2 PANEL(ROWS2, PLUS, 0, 0, R3); PANEL(SECOND2, PLUS, 0, 64, R3)
#define BIAS3 PANEL(ROWS3, PLUS, 0, 0, R3); PANEL(SECOND3, PLUS, 0, 64, R3)

// Where C has the sums, whose rows are at R0, R22 and R23; what is done there.
#define C1(DO) DO(ROW0, 0, R0); DO(ROW1, 64, R0)
#define C1FOUR(DO) C1(DO); DO(ROW2, 128, R0); DO(ROW3, 192, R0)
#define C2(DO) DO(ROW0, 0, R0); DO(ROW2, 64, R0); DO(ROW1, 0, R22); DO(ROW3, 64, R22)
#define C3(DO) DO(ROW0, 0, R0); DO(ROW3, 64, R0); DO(ROW1, 0, R22); DO(ROW4, 64, R22); DO(ROW2, 0, R23); DO(ROW5, 64, R23)
#define JOINAT(row, at, p) PANEL(row, PLUS, 0, at, p)
#define STOREAT(row, at, p) row(STORE, at, p)

// GROUP computes so many pairs of panels.
#define GROUP(pairs, H, A, B, BIAS, C, term, bias, store) \
	H(ZERO, 0, 0); \
	MOVD R1, R19; \
	ADD R5, R19, R20; \
	ADD R5, R20, R21; \
	MOVD R2, R14; \
	ADD R11, R14, R15; \
	ADD R11, R15, R16; \
	ADD R11, R16, R17; \
	ADD R9, R0, R22; \
	ADD R9, R22, R23; \
	MOVD R6, R12; \
term: \
	A; \
	B; \
	SUBS $1, R12; \
	BNE term; \
	CBNZ R10, bias; \
	C(JOINAT); \
bias: \
	CBZ R3, store; \
	BIAS; \
	ADD $(128*pairs), R3; \
store: \
	C(STOREAT); \
	ADD $(128*pairs), R0; \
	ADD R11<<pairs, R2; \
	SUB $pairs, R4

// func rowsNEON(c, a, b, bias *float32, rows, pairs, terms, rowA, termA, termB, apart, rowC int, first bool)
TEXT ·rowsNEON(SB), NOSPLIT|NOFRAME, $0-97
	MOVD c+0(FP), R0
	MOVD a+8(FP), R1
	MOVD b+16(FP), R2
	MOVD bias+24(FP), R3
	MOVD rows+32(FP), R13
	MOVD pairs+40(FP), R4
	MOVD terms+48(FP), R6
	MOVD rowA+56(FP), R5
	MOVD termA+64(FP), R7
	MOVD termB+72(FP), R8
	MOVD apart+80(FP), R11
	MOVD rowC+88(FP), R9
	MOVBU first+96(FP), R10
	LSL $2, R5
	LSL $2, R7
	LSL $2, R8
	LSL $2, R11
	LSL $2, R9
	CMP $2, R13
	BEQ two
	BGT three
four:
	CMP $2, R4
	BLT one
	GROUP(2, ROWS4, A1, B1FOUR, BIAS1FOUR, C1FOUR, term4, bias4, store4)
	B four
one:
	CBZ R4, done
	GROUP(1, ROWS2, A1, B1, BIAS1, C1, term1, bias1, store1)
	RET
two:
	CBZ R4, done
	GROUP(1, ROWS4, A2, B2, BIAS2, C2, term2, bias2, store2)
	B two
three:
	CBZ R4, done
	GROUP(1, ROWS6, A3, B3, BIAS3, C3, term3, bias3, store3)
	B three
done:
	RET
