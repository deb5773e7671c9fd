package wordpiece

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/internal/shared"
)

// small is the tokenizer of the vocabulary in testdata.
func small(t testing.TB) *Tokenizer {
	t.Helper()
	return open(t, "testdata/vocab.txt")
}

// bert is the tokenizer of BERT's vocabulary.
func bert(t testing.TB) *Tokenizer {
	t.Helper()
	return open(t, shared.File(t, "data/minilm/vocab.txt"))
}

func open(t testing.TB, file string) *Tokenizer {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	tokenizer, err := Parse(file, text)
	require.NoError(t, err)
	return tokenizer
}

// read reads a file of JSON.
func read(t testing.TB, file string, into any) {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, into))
}

// parts are the tokens as id, start and end, in code points, once the bytes are found to say the same.
func parts(t testing.TB, text string, tokens []Token) [][3]int {
	t.Helper()
	at := make([]int, 0, len(text)+1) // the byte of each code point
	for i := range text {
		at = append(at, i)
	}
	at = append(at, len(text))
	got := [][3]int{}
	for _, token := range tokens {
		got = append(got, [3]int{int(token.ID), token.RuneStart, token.RuneEnd})
		require.Equal(t, []int{at[token.RuneStart], at[token.RuneEnd]}, []int{token.Start, token.End}, "the bytes of %+v", token)
	}
	return got
}

// The expected tokens are those of a reference in Python (testdata/make.py).
func TestTokensAreThoseOfTheReference(t *testing.T) {
	var texts []struct {
		Text   string
		Tokens [][3]int
	}
	read(t, "testdata/small.json", &texts)
	require.NotEmpty(t, texts)
	tokenizer := small(t)
	for _, want := range texts {
		assert.Equal(t, want.Tokens, parts(t, want.Text, tokenizer.Encode(nil, want.Text)), "%q", want.Text)
	}
}

// The expected tokens are those of the package tokenizers.
func TestHardTexts(t *testing.T) {
	var fixture struct {
		Texts []struct {
			Name, Text string
			IDs        []int
			Offsets    [][2]int
		}
	}
	read(t, shared.File(t, "qa/fixture/wordpiece.json"), &fixture)
	require.Len(t, fixture.Texts, 60)
	tokenizer := bert(t)
	for _, want := range fixture.Texts {
		expected := [][3]int{}
		for i, id := range want.IDs {
			expected = append(expected, [3]int{id, want.Offsets[i][0], want.Offsets[i][1]})
		}
		assert.Equal(t, expected, parts(t, want.Text, tokenizer.Encode(nil, want.Text)), want.Name)
	}
}

// questions are the passages, questions and answers of XQuAD, in the order of the file.
func questions(t testing.TB, language string) []string {
	t.Helper()
	var file struct {
		Data []struct {
			Paragraphs []struct {
				Context string
				Qas     []struct {
					Question string
					Answers  []struct{ Text string }
				}
			}
		}
	}
	read(t, shared.File(t, "data/xquad."+language+".json"), &file)
	var texts []string
	for _, article := range file.Data {
		for _, p := range article.Paragraphs {
			texts = append(texts, p.Context)
			for _, q := range p.Qas {
				texts = append(texts, q.Question)
				for _, a := range q.Answers {
					texts = append(texts, a.Text)
				}
			}
		}
	}
	return texts
}

// The hashes are those of the reference's tokens (testdata/make.py).
func TestAllOfXQuAD(t *testing.T) {
	var want map[string]struct {
		Texts, Tokens int
		SHA256        string
	}
	read(t, "testdata/xquad.json", &want)
	tokenizer := bert(t)
	for _, language := range []string{"en", "zh"} {
		texts, tokens, digest := questions(t, language), 0, sha256.New()
		var numbers []byte
		add := func(v int) { numbers = binary.LittleEndian.AppendUint32(numbers, uint32(v)) }
		for _, text := range texts {
			encoded := parts(t, text, tokenizer.Encode(nil, text))
			tokens += len(encoded)
			numbers = numbers[:0]
			for _, token := range encoded {
				add(token[0])
				add(token[1])
				add(token[2])
			}
			add(-1)
			digest.Write(numbers)
		}
		assert.Equal(t, want[language].Texts, len(texts), language)
		assert.Equal(t, want[language].Tokens, tokens, language)
		assert.Equal(t, want[language].SHA256, hex.EncodeToString(digest.Sum(nil)), language)
	}
}

// What becomes of each character, by Python.
func TestFolding(t *testing.T) {
	file, err := os.Open(shared.File(t, "qa/fixture/fold.tsv"))
	require.NoError(t, err)
	defer file.Close()
	number := func(hex string) rune {
		c, err := strconv.ParseUint(hex, 16, 21)
		require.NoError(t, err)
		return rune(c)
	}
	characters, n := table(), 0
	for lines := bufio.NewScanner(file); lines.Scan(); n++ {
		from, to, _ := strings.Cut(lines.Text(), "\t")
		want := ""
		for _, hex := range strings.Fields(to) {
			want += string(number(hex))
		}
		c := number(from)
		of, got := characters.of(c), ""
		if of.class != gone {
			got = string(characters.appendFolded(nil, c, of))
		}
		if of.class != space {
			assert.Equal(t, want, got, "%U", c)
		}
	}
	assert.Greater(t, n, 2000)
}

// Hangul by the arithmetic that the standard gives, from the letters to the syllable.
func TestHangulDecomposes(t *testing.T) {
	characters, c := table(), rune(0xAC00)
	for first := range rune(19) {
		for middle := range rune(21) {
			for last := range rune(28) {
				want := string([]rune{0x1100 + first, 0x1161 + middle})
				if last > 0 {
					want += string(0x11A7 + last)
				}
				require.Equal(t, want, string(characters.appendFolded(nil, c, characters.of(c))), "%U", c)
				c++
			}
		}
	}
	assert.Equal(t, rune(0xD7A4), c)
}

func FuzzEncode(f *testing.F) {
	for _, text := range []string{"The cat sat.", "e\u0301\xff\xc3", "한국 中 ≠", "\xed\xa0\x80cat", strings.Repeat("a", 101), "«ΣΊΣΥΦΟΣ» İ", "𝅘𝅥𝅮 a\U000e0041b"} {
		f.Add(text)
	}
	tokenizer := small(f)
	f.Fuzz(func(t *testing.T, text string) {
		tokens := tokenizer.Encode(nil, text)
		characters := utf8.RuneCountInString(text)
		require.LessOrEqual(t, len(tokens), 3*characters)
		before := Token{}
		for _, token := range parts(t, text, tokens) {
			require.GreaterOrEqual(t, token[1], before.RuneStart)
			require.GreaterOrEqual(t, token[2], before.RuneEnd)
			require.Less(t, token[1], token[2])
			require.LessOrEqual(t, token[2], characters)
			require.NotEmpty(t, tokenizer.Token(int32(token[0])))
			before.RuneStart, before.RuneEnd = token[1], token[2]
		}
		require.Equal(t, tokens, tokenizer.Encode(nil, strings.Clone(text)))
		// A text behind another, with a space between them, has the tokens that it has alone.
		both := tokenizer.Encode(tokenizer.Encode(nil, "the cat "), "")
		both = append(both, tokens...)
		twice := tokenizer.Encode(nil, "the cat "+text)
		require.Len(t, twice, len(both))
		for i := range both {
			require.Equal(t, both[i].ID, twice[i].ID)
		}
	})
}

func TestEncodeAllocatesNothing(t *testing.T) {
	tokenizer := small(t)
	text := strings.Repeat("The CATS sat, été 中文 한국 "+strings.Repeat("a", 101)+" ", 20)
	dst := tokenizer.Encode(nil, text)
	assert.Zero(t, testing.AllocsPerRun(10, func() { dst = tokenizer.Encode(dst[:0], text) }))
}

func BenchmarkEncode(b *testing.B) {
	tokenizer := bert(b)
	for _, language := range []string{"en", "zh"} {
		b.Run(language, func(b *testing.B) {
			texts, size := questions(b, language), 0
			for _, text := range texts {
				size += len(text)
			}
			b.SetBytes(int64(size))
			b.ReportAllocs()
			var tokens []Token
			for b.Loop() {
				for _, text := range texts {
					tokens = tokenizer.Encode(tokens[:0], text)
				}
			}
		})
	}
}
