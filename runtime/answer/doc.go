// Package answer stands between a question about a passage and a model that says where in it the answer begins and ends.
//
// What comes in are texts, of which it makes windows: [CLS] question [SEP] a piece of the passage [SEP], each a row of the
// model. What comes back are the model's scores of each window, of which it makes answers: text, place and score. It also
// tells how well an answer meets the true one, as SQuAD 1.1 does.
//
// The package must not know models, weights or files: that is data's and train's business. A service imports it.
// What it is given is untrusted: texts have bounds, and so have windows that were stored.
package answer
