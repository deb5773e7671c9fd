//go:build !purego

#include "textflag.h"
#include "product_arm64.h"

// Blocks of products, as strip.go says.
//
// A tile of 6 rows and 16 columns has 24 sums: more than the 16 that a fused multiply-add of 4 cycles needs in flight on a
// processor that begins 4 a cycle. Four terms of it are 96 multiply-adds and 22 vectors to load, most of them in pairs:
// processors load at least half as many as they multiply, so that the multiply-adds set the pace.

// A row of 5 to 16 columns is 2 to 4 vectors of 4 of B, at p; the last one, at q, ends where the row does and may overlap
// the one before: those elements are computed twice, alike. Of fewer columns, vectors have 2 elements or 1.
// These load a row and run M for each of the rows H and each vector.
#define FOURS4(H, M, l, p, q) FLDPQ (p), (F30, F31); H(M, l, 0); H(M, l, 1); FMOVQ 32(p), F30; FMOVQ (q), F31; H(M, l, 2); H(M, l, 3)
#define FOURS3(H, M, l, p, q) FLDPQ (p), (F30, F31); H(M, l, 0); H(M, l, 1); FMOVQ (q), F30; H(M, l, 2)
#define FOURS2(H, M, l, p, q) FMOVQ (p), F30; FMOVQ (q), F31; H(M, l, 0); H(M, l, 1)
#define FOURS1(H, M, l, p, q) FMOVQ (p), F30; H(M, l, 0)
#define TWOS2(H, M, l, p, q) FMOVD (p), F30; FMOVD (q), F31; H(M, l, 0); H(M, l, 1)
#define TWOS1(H, M, l, p, q) FMOVD (p), F30; H(M, l, 0)
#define ONES1(H, M, l, p, q) FMOVS (p), F30; H(M, l, 0)

// For M: store a row's sums at R0, the last vector at R13, and go on to the next row.
#define NEXT ADD R9, R0; ADD R9, R13
#define STOREFOURS4(l, k, i, f0, f1, f2, f3, x, r, row) FSTPQ (f0, f1), (R0); FMOVQ f2, 32(R0); FMOVQ f3, (R13); NEXT
#define STOREFOURS3(l, k, i, f0, f1, f2, f3, x, r, row) FSTPQ (f0, f1), (R0); FMOVQ f2, (R13); NEXT
#define STOREFOURS2(l, k, i, f0, f1, f2, f3, x, r, row) FMOVQ f0, (R0); FMOVQ f1, (R13); NEXT
#define STOREFOURS1(l, k, i, f0, f1, f2, f3, x, r, row) FMOVQ f0, (R0); NEXT
#define STORETWOS2(l, k, i, f0, f1, f2, f3, x, r, row) FMOVD f0, (R0); FMOVD f1, (R13); NEXT
#define STORETWOS1(l, k, i, f0, f1, f2, f3, x, r, row) FMOVD f0, (R0); NEXT
#define STOREONES1(l, k, i, f0, f1, f2, f3, x, r, row) FMOVS f0, (R0); NEXT

// For M: add a row of C, at R21 and R22 and of that kind l, to the sums.
#define JOIN(l, k, i, f0, f1, f2, f3, x, r, row) l(row, PLUS, 0, R21, R22); ADD R9, R21; ADD R9, R22

// For M: A's rows lie apart. Each is read at its pointer, four terms at a time or one, of which l is multiplied.
#define POINT(l, k, i, f0, f1, f2, f3, x, r, row) MOVD R1, r; ADD R7, R1
#define LOADFOUR(l, k, i, f0, f1, f2, f3, x, r, row) FMOVQ.P 16(r), x
#define LOADONE(l, k, i, f0, f1, f2, f3, x, r, row) FMOVS.P 4(r), x
#define ADJACENT(l, k, i, f0, f1, f2, f3, x, r, row) FMLA(4*i+k, 30+k&1, 24+i, l)

// TILE computes a tile of n rows, if A's terms lie side by side.
#define TILE(n, H, KIND, STORE, TURN, tile, four, left, one, join, bias, store) \
tile: \
	H(ZERO, 0, 0); \
	H(POINT, 0, 0); \
	MOVD R2, R11; \
	ADD R5, R2, R13; \
	LSR $2, R6, R12; \
	CBZ R12, left; \
four: \
	H(LOADFOUR, 0, 0); \
	KIND(H, ADJACENT, 0, R11, R13); ADD R8, R11; ADD R8, R13; \
	KIND(H, ADJACENT, 1, R11, R13); ADD R8, R11; ADD R8, R13; \
	KIND(H, ADJACENT, 2, R11, R13); ADD R8, R11; ADD R8, R13; \
	KIND(H, ADJACENT, 3, R11, R13); ADD R8, R11; ADD R8, R13; \
	SUBS $1, R12; \
	BNE four; \
left: \
	ANDS $3, R6, R12; \
	BEQ join; \
one: \
	H(LOADONE, 0, 0); \
	KIND(H, ADJACENT, 0, R11, R13); ADD R8, R11; ADD R8, R13; \
	SUBS $1, R12; \
	BNE one; \
	COMPLETE(n, H, KIND, STORE, join, bias, store)

// COMPLETE adds C, if the block is not the first, and the bias, if there is one, to the sums of a tile, and stores them.
#define COMPLETE(n, H, KIND, STORE, join, bias, store) \
join: \
	CBNZ R10, bias; \
	MOVD R0, R21; \
	ADD R5, R0, R22; \
	H(JOIN, KIND, 0); \
bias: \
	CBZ R3, store; \
	ADD R5, R3, R13; \
	KIND(H, PLUS, 0, R3, R13); \
store: \
	ADD R5, R0, R13; \
	H(STORE, 0, 0); \
	SUB $n, R4; \
	B next

// For M: A's rows lie side by side, those of a tile in V26 to V28, two each.
#define TURNED(l, k, i, f0, f1, f2, f3, x, r, row) FMLA(4*i+k, 30+k&1, 26+i/2, i&1)
#define TURN1 FMOVS (R14), F26
#define TURN2 FMOVD (R14), F26
#define TURN3 FMOVD (R14), F26; FMOVS 8(R14), F27
#define TURN4 FLDPD (R14), (F26, F27)
#define TURN5 FLDPD (R14), (F26, F27); FMOVS 16(R14), F28
#define TURN6 FLDPD (R14), (F26, F27); FMOVD 16(R14), F28

// TURNEDTILE does what TILE does, if A's rows lie side by side.
#define TURNEDTILE(n, H, KIND, STORE, TURN, tile, four, left, one, join, bias, store) \
tile: \
	H(ZERO, 0, 0); \
	MOVD R1, R14; \
	MOVD R2, R11; \
	ADD R5, R2, R13; \
	MOVD R6, R12; \
one: \
	TURN; \
	KIND(H, TURNED, 0, R11, R13); ADD R8, R11; ADD R8, R13; \
	ADD R7, R14; \
	SUBS $1, R12; \
	BNE one; \
	ADD $(4*n), R1; \
	COMPLETE(n, H, KIND, STORE, join, bias, store)

// STRIP computes all rows in tiles of similar heights, since a low one has few sums: 6 rows, and of less than 11 a half.
#define STRIP(TILE, KIND, STORE) \
next: \
	CBZ R4, done; \
	MOVD R4, R12; \
	CMP $6, R4; \
	BLE height; \
	MOVD $6, R12; \
	CMP $11, R4; \
	BGE height; \
	ADD $1, R4, R12; \
	LSR $1, R12; \
height: \
	CMP $5, R12; \
	BEQ tile5; \
	CMP $4, R12; \
	BEQ tile4; \
	CMP $3, R12; \
	BEQ tile3; \
	CMP $2, R12; \
	BEQ tile2; \
	BLT tile1; \
	TILE(6, ROWS6, KIND, STORE, TURN6, tile6, four6, left6, one6, join6, bias6, store6); \
	TILE(5, ROWS5, KIND, STORE, TURN5, tile5, four5, left5, one5, join5, bias5, store5); \
	TILE(4, ROWS4, KIND, STORE, TURN4, tile4, four4, left4, one4, join4, bias4, store4); \
	TILE(3, ROWS3, KIND, STORE, TURN3, tile3, four3, left3, one3, join3, bias3, store3); \
	TILE(2, ROWS2, KIND, STORE, TURN2, tile2, four2, left2, one2, join2, bias2, store2); \
	TILE(1, ROWS1, KIND, STORE, TURN1, tile1, four1, left1, one1, join1, bias1, store1); \
done: \
	RET

// The strips of each kind. They find c, a, b and bias in R0 to R3; in R4 the number of rows and in R6 that of terms;
// the bytes between A's rows, or its terms if those lie apart, in R7, between B's terms in R8, between C's rows in R9,
// and from the first vector of a row to the last in R5; and in R10 whether the block is the first.

TEXT fours4<>(SB), NOSPLIT|NOFRAME, $0-0
	STRIP(TILE, FOURS4, STOREFOURS4)

TEXT fours3<>(SB), NOSPLIT|NOFRAME, $0-0
	STRIP(TILE, FOURS3, STOREFOURS3)

TEXT fours2<>(SB), NOSPLIT|NOFRAME, $0-0
	STRIP(TILE, FOURS2, STOREFOURS2)

TEXT fours1<>(SB), NOSPLIT|NOFRAME, $0-0
	STRIP(TILE, FOURS1, STOREFOURS1)

TEXT twos2<>(SB), NOSPLIT|NOFRAME, $0-0
	STRIP(TILE, TWOS2, STORETWOS2)

TEXT twos1<>(SB), NOSPLIT|NOFRAME, $0-0
	STRIP(TILE, TWOS1, STORETWOS1)

TEXT ones1<>(SB), NOSPLIT|NOFRAME, $0-0
	STRIP(TILE, ONES1, STOREONES1)

TEXT turnedFours4<>(SB), NOSPLIT|NOFRAME, $0-0
	STRIP(TURNEDTILE, FOURS4, STOREFOURS4)

TEXT turnedFours3<>(SB), NOSPLIT|NOFRAME, $0-0
	STRIP(TURNEDTILE, FOURS3, STOREFOURS3)

TEXT turnedFours2<>(SB), NOSPLIT|NOFRAME, $0-0
	STRIP(TURNEDTILE, FOURS2, STOREFOURS2)

TEXT turnedFours1<>(SB), NOSPLIT|NOFRAME, $0-0
	STRIP(TURNEDTILE, FOURS1, STOREFOURS1)

TEXT turnedTwos2<>(SB), NOSPLIT|NOFRAME, $0-0
	STRIP(TURNEDTILE, TWOS2, STORETWOS2)

TEXT turnedTwos1<>(SB), NOSPLIT|NOFRAME, $0-0
	STRIP(TURNEDTILE, TWOS1, STORETWOS1)

TEXT turnedOnes1<>(SB), NOSPLIT|NOFRAME, $0-0
	STRIP(TURNEDTILE, ONES1, STOREONES1)

// CHOOSE goes on with the strip for the number of columns in R5.
#define CHOOSE(FOURS4, FOURS3, FOURS2, FOURS1, TWOS2, TWOS1, ONES1) \
	SUBS $4, R5, R12; \
	BLT few; \
	LSL $2, R12, R5; \
	CMP $8, R12; \
	BGT four; \
	CMP $4, R12; \
	BGT three; \
	CBNZ R12, two; \
	B FOURS1; \
four: \
	B FOURS4; \
three: \
	B FOURS3; \
two: \
	B FOURS2; \
few: \
	MOVD R5, R12; \
	MOVD $4, R5; \
	CMP $2, R12; \
	BLT one; \
	BEQ pair; \
	B TWOS2; \
pair: \
	B TWOS1; \
one: \
	B ONES1

// func stripNEON(c, a, b, bias *float32, rows, columns, terms, rowA, termB, rowC int, first bool)
TEXT ·stripNEON(SB), NOSPLIT|NOFRAME, $0-81
	MOVD c+0(FP), R0
	MOVD a+8(FP), R1
	MOVD b+16(FP), R2
	MOVD bias+24(FP), R3
	MOVD rows+32(FP), R4
	MOVD columns+40(FP), R5
	MOVD terms+48(FP), R6
	MOVD rowA+56(FP), R7
	MOVD termB+64(FP), R8
	MOVD rowC+72(FP), R9
	MOVBU first+80(FP), R10
	LSL $2, R7
	LSL $2, R8
	LSL $2, R9
	CHOOSE(fours4<>(SB), fours3<>(SB), fours2<>(SB), fours1<>(SB), twos2<>(SB), twos1<>(SB), ones1<>(SB))

// func turnedStripNEON(c, a, b, bias *float32, rows, columns, terms, termA, termB, rowC int, first bool)
TEXT ·turnedStripNEON(SB), NOSPLIT|NOFRAME, $0-81
	MOVD c+0(FP), R0
	MOVD a+8(FP), R1
	MOVD b+16(FP), R2
	MOVD bias+24(FP), R3
	MOVD rows+32(FP), R4
	MOVD columns+40(FP), R5
	MOVD terms+48(FP), R6
	MOVD termA+56(FP), R7
	MOVD termB+64(FP), R8
	MOVD rowC+72(FP), R9
	MOVBU first+80(FP), R10
	LSL $2, R7
	LSL $2, R8
	LSL $2, R9
	CHOOSE(turnedFours4<>(SB), turnedFours3<>(SB), turnedFours2<>(SB), turnedFours1<>(SB), turnedTwos2<>(SB), turnedTwos1<>(SB), turnedOnes1<>(SB))
