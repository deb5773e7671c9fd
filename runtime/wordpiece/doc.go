// Package wordpiece divides a text into the tokens of BERT's vocabularies without capitals and accents (uncased).
//
// A text and a vocabulary come in; the integers of the tokens go out, each with the part of the text that it stands for,
// in bytes and in code points. The package knows no model and no special token: whoever makes a model's input of them
// puts [CLS] and [SEP] where they belong, and "[SEP]" in a text is text.
//
// What is done to a text, character by character, by Unicode 15.0:
//
//   - what does not print vanishes: control characters, formatting ones, private use, U+FFFD, bytes that are no UTF-8.
//     What it stood between is one word, of vertical tabs and form feeds too; tabs, ends of lines and all kinds of spaces
//     divide words;
//   - each character is decomposed canonically, accents and other marks without a width are left out, and the rest is in
//     lower case: É is e, and a syllable of Hangul its two or three letters;
//   - every mark of punctuation is a word, every sign of ASCII ($ + < = > ^ ` | ~) and every Chinese character.
//
// Of a word the longest token that begins it is taken, then the longest token of the rest among those that are written
// with ## before them, and so on. A word of which a part is no token is [UNK] as a whole, as is one of more than 100
// characters.
package wordpiece
