package main

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// squad is SQuAD 1.1's file of some articles, an article a line.
func squad(prefix string, list []article) []byte {
	var b bytes.Buffer
	b.WriteString("{\"version\": \"1.1\", \"data\": [\n")
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	n := 0
	for i, a := range list {
		for _, p := range a.Paragraphs {
			for j := range p.Questions {
				n++
				p.Questions[j].ID = fmt.Sprintf("%s-%04d", prefix, n)
			}
		}
		if i > 0 {
			b.Truncate(b.Len() - 1)
			b.WriteString(",\n")
		}
		if err := encoder.Encode(a); err != nil {
			panic(err) // an article is texts and numbers
		}
	}
	b.WriteString("]}\n")
	return b.Bytes()
}
