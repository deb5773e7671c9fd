package pytorch_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/dataset"
)

// tableCases are tables of every kind that nnc reads.
func tableCases() []tableCase {
	houses := rows("area,city,rooms,price", 101, func(i int) string {
		return fmt.Sprintf("%.2f,%s,%d,%d", 30+float64(draw("area", i, 10000))/100, pick("city", i, "Bonn", "Aachen", "Ülm", "", "Köln"), 1+draw("rooms", i, 5), 100000+draw("price", i, 90000)*10)
	})
	later := rows("city,price,area,rooms", 7, func(i int) string {
		return pick("later", i, "Bonn", "Rom", "") + fmt.Sprintf(",%d,%d,%s", 1000*i, 31+i, pick("r", i, "2", "", "NA", "3.5"))
	})
	gaps := rows("\ufeffa;b;c;y", 60, func(i int) string {
		return fmt.Sprintf("%s;%s;%s;%s\r", pick("a", i, "1,5", "2.000,25", "NA", " -3 ", "1e3"), pick("b", i, "ja", "nein", "", "NA"), pick("c", i, "$5", "5 km", "(7)", "−2", "none at all", ""), pick("y", i, "1", "2,5", "", "NA"))
	})
	flowers := func(names ...string) string {
		return rows("id,length,kind", 83, func(i int) string {
			return fmt.Sprintf("%d,%d.%d,%s", i, draw("length", i, 9), draw("tenth", i, 10), pick("kind", i*i%17, names...))
		})
	}
	lines := rows(`{"z": 1.50, "t": true, "y": 3, "n": null}`, 70, func(i int) string {
		return fmt.Sprintf(`{"y": %d, "t": %s, "z": %s, "n": "%s"}`, draw("y", i, 50), pick("t", i, "true", "false", "null"), pick("z", i, "1e2", "-0.5", "7", "null"), pick("n", i, "<a>&", "b\u2028", "\\u00e9\\t", ""))
	})
	quoted := "name,\"x \"\"1\"\"\",y\r\n\"a, b\",1,2\r\n\r\n\"two\nlines\",3,4\r\n   \nplain,5,6\n\"\",7,8"
	index := rows(",x,y", 40, func(i int) string { return fmt.Sprintf("%d,%d,%d", i, draw("x", i, 9), draw("y", i, 9)) })
	missing := rows("x,y", 30, func(i int) string { return fmt.Sprintf("%d,%s", i*i, pick("y", i, "0", "1", "2", "NA")) })
	grouped := rows("who,x,y,w", 120, func(i int) string {
		return fmt.Sprintf("p%d,%d,%s,%s", draw("who", i, 13), draw("x", i, 100), pick("y", i, "yes", "no"), pick("w", i, "1", "0.25", "3"))
	})
	target := func(names ...string) dataset.Tables { return dataset.Tables{Target: names} }
	judging := func(p data.Port, loss string, kind data.TargetKind, link data.Link) []data.Port {
		return []data.Port{judged(p, loss, kind, link)}
	}
	one := func(name string, n int) []data.Port { return []data.Port{numbers(name, n)} }
	cases := []tableCase{
		{name: "numbers and texts", files: map[string]string{"data": houses}, tables: target("price"), inputs: one("x", 6), targets: []data.Port{quantity(1)}},
		{name: "held-out files", files: map[string]string{"data": houses, "valid": later, "test": later}, tables: target("price"), inputs: one("x", 6), targets: []data.Port{quantity(1)}},
		{name: "several files, none held out", files: map[string]string{"data": houses, "more": strings.ReplaceAll(later, "Rom", "Aachen")}, more: []string{"more"}, q: dataset.Training{Valid: "0"},
			tables: target("price"), inputs: one("x", 6), targets: []data.Port{quantity(1)}},
		{name: "the last rows, not scaled, an indicator", files: map[string]string{"data": strings.ReplaceAll(houses, ",1,", ",,")}, q: dataset.Training{Valid: "last:13", Test: []string{"0.07"}, Scale: "none"},
			tables: dataset.Tables{Target: []string{"price"}, MissingIndicator: true}, inputs: one("x", 7), targets: []data.Port{quantity(1)}},
		{name: "how numbers are written", files: map[string]string{"data": gaps}, inputs: one("x", 5), targets: []data.Port{quantity(1)},
			tables: dataset.Tables{Target: []string{"y"}, Sep: ";", Decimal: ",", Thousands: ".", Number: []string{"c"}, SkipMissingTarget: true}},
		{name: "missing texts of one's own", files: map[string]string{"data": strings.ReplaceAll(houses, ",3,", ",k.A.,")}, tables: dataset.Tables{Target: []string{"price"}, Missing: []string{"k.A.", "999"}},
			inputs: one("x", 6), targets: []data.Port{quantity(1)}},
		{name: "classes by name", files: map[string]string{"data": flowers("setosa", "virginica", "Versicolor")}, tables: dataset.Tables{Target: []string{"kind"}, ID: []string{"id"}}, q: dataset.Training{Seed: 9},
			inputs: one("x", 1), targets: []data.Port{class(3)}},
		{name: "classes by number", files: map[string]string{"data": flowers("0", "2", "1.0", "3"), "valid": flowers("0", "1", "3.0")}, tables: dataset.Tables{Target: []string{"kind"}, Drop: []string{"id"}},
			inputs: one("x", 1), targets: []data.Port{class(4)}},
		{name: "too many classes", files: map[string]string{"data": flowers("a", "b", "c")}, tables: dataset.Tables{Target: []string{"kind"}, Drop: []string{"id"}}, inputs: one("x", 1), targets: []data.Port{class(2)}},
		{name: "a flag", files: map[string]string{"data": flowers("no", "yes")}, tables: dataset.Tables{Target: []string{"kind"}, Features: []string{"length", "id"}}, q: dataset.Training{Valid: "0.31", Test: []string{"0.11"}},
			inputs: one("x", 2), targets: []data.Port{flag(1)}},
		{name: "a flag's third class", files: map[string]string{"data": flowers("no", "yes", "so")}, tables: dataset.Tables{Target: []string{"kind"}, Drop: []string{"id"}}, inputs: one("x", 1), targets: []data.Port{flag(1)}},
		{name: "classes with missing ones", files: map[string]string{"data": missing}, tables: dataset.Tables{Target: []string{"y"}, SkipMissingTarget: true}, inputs: one("x", 1), targets: []data.Port{class(3)}},
		{name: "classes with missing ones, an error", files: map[string]string{"data": missing}, tables: target("y"), inputs: one("x", 1), targets: []data.Port{class(3)}},
		{name: "JSON lines", files: map[string]string{"data": lines}, tables: target("y"), inputs: one("x", 6), targets: []data.Port{quantity(1)}},
		{name: "quotes", files: map[string]string{"data": quoted}, tables: target("y"), q: dataset.Training{Valid: "0"}, inputs: one("x", 4), targets: []data.Port{quantity(1)}},
		{name: "a quote that ends wrongly", files: map[string]string{"data": "a,y\n\"b\"c,1\n"}, tables: target("y"), inputs: one("x", 1), targets: []data.Port{quantity(1)}},
		{name: "a ragged row", files: map[string]string{"data": "a,y\n1,1,1\n"}, tables: target("y"), inputs: one("x", 1), targets: []data.Port{quantity(1)}},
		{name: "the index of pandas", files: map[string]string{"data": index}, tables: target("y"), inputs: one("x", 1), targets: []data.Port{quantity(1)}},
		{name: "no header", files: map[string]string{"data": "1,2,3\n4,5,6\n7,8,10\n"}, tables: dataset.Tables{Target: []string{"2"}, NoHeader: true}, inputs: one("x", 2), targets: []data.Port{quantity(1)}},
		{name: "a line for Excel", files: map[string]string{"data": "sep=;\na;y\n1;2\n3;5\n"}, tables: target("y"), inputs: one("x", 1), targets: []data.Port{quantity(1)}},
		{name: "texts of numbers", files: map[string]string{"data": houses}, tables: dataset.Tables{Target: []string{"price"}, Text: []string{"rooms"}}, inputs: one("x", 10), targets: []data.Port{quantity(1)}},
		{name: "stray cells", files: map[string]string{"data": strings.Replace(houses, ",4,", ",four,", 1)}, tables: target("price"), inputs: one("x", 6), targets: []data.Port{quantity(1)}},
		{name: "signs without the flag", files: map[string]string{"data": "a,y\n$5,1\n$6,2\n"}, tables: target("y"), inputs: one("x", 2), targets: []data.Port{quantity(1)}},
		{name: "groups", files: map[string]string{"data": grouped}, tables: dataset.Tables{Target: []string{"y"}, Drop: []string{"w"}}, q: dataset.Training{Select: dataset.Select{Group: "who"}, Valid: "0.2", Test: []string{"0.1"}},
			inputs: one("x", 1), targets: []data.Port{flag(1)}},
		{name: "weights", files: map[string]string{"data": grouped, "valid": grouped}, tables: dataset.Tables{Target: []string{"y"}, Drop: []string{"who"}}, q: dataset.Training{Select: dataset.Select{Weight: "w"}},
			inputs: one("x", 1), targets: []data.Port{class(2)}},
		{name: "several inputs and targets", files: map[string]string{"data": houses}, tables: dataset.Tables{Target: []string{"city", "price"}, Features: []string{"facts=area"}, SkipMissingTarget: true},
			inputs: []data.Port{integers("rooms", 6, 1), numbers("facts", 1)}, targets: []data.Port{judged(numbers("price", 1), "mae", data.Quantity, data.Identity), judged(integers("city", 4, 1), "nll", data.Class, data.Softmax)}},
		{name: "an integer out of range", files: map[string]string{"data": houses}, tables: dataset.Tables{Target: []string{"price"}, Features: []string{"facts=area"}, Drop: []string{"city"}},
			inputs: []data.Port{integers("rooms", 4, 1), numbers("facts", 1)}, targets: []data.Port{quantity(1)}},
		{name: "texts by their place", files: map[string]string{"data": houses, "valid": later}, tables: dataset.Tables{Target: []string{"price"}, Index: []string{"city"}, Features: []string{"c=city", "x=rooms"}, Drop: []string{"area"}},
			inputs: []data.Port{integers("c", 6, 1), numbers("x", 1)}, targets: []data.Port{quantity(1)}},
		{name: "counts", files: map[string]string{"data": houses}, tables: dataset.Tables{Target: []string{"rooms"}, Drop: []string{"city"}}, inputs: one("x", 2), targets: judging(numbers("n", 1), "poisson", data.Count, data.Exp)},
		{name: "vectors", files: map[string]string{"data": houses}, tables: dataset.Tables{Target: []string{"rooms", "area"}, Drop: []string{"city"}}, inputs: one("x", 1), targets: judging(numbers("v", 2), "cosine", data.Vector, data.Identity)},
		{name: "no probabilities", files: map[string]string{"data": houses}, tables: dataset.Tables{Target: []string{"rooms", "area"}, Drop: []string{"city"}}, inputs: one("x", 1), targets: judging(numbers("v", 2), "kl", data.Distribution, data.Exp)},
		{name: "spans", files: map[string]string{"data": rows("x,a,b", 30, func(i int) string { return fmt.Sprintf("%d,%d,%d", i*7%5, i%4, i%4+i%3) })}, tables: target("a", "b"), inputs: one("x", 1),
			targets: []data.Port{{Name: "s", Shape: []int{2}, Int: true, Limit: 8, Judged: &data.Judged{Loss: "span", Kind: data.Span, Longest: 4}}}},
		{name: "an autoencoder", files: map[string]string{"data": houses}, tables: dataset.Tables{Drop: []string{"city"}}, inputs: judging(numbers("x", 3), "mse", data.Quantity, data.Identity)},
		{name: "no feature left", files: map[string]string{"data": "y\n1\n2\n"}, tables: target("y"), inputs: one("x", 1), targets: []data.Port{quantity(1)}},
		{name: "a wrong width", files: map[string]string{"data": houses}, tables: target("price"), inputs: one("x", 3), targets: []data.Port{quantity(1)}},
		{name: "weights to start from", files: map[string]string{"earlier": houses, "data": strings.ReplaceAll(houses, "Bonn", "Rom")}, init: &dataset.Training{}, tables: target("price"), inputs: one("x", 6), targets: []data.Port{quantity(1)}},
		{name: "classes to start from", files: map[string]string{"earlier": flowers("a", "b", "c"), "data": flowers("c", "a"), "valid": flowers("b")}, init: &dataset.Training{},
			tables: dataset.Tables{Target: []string{"kind"}, Drop: []string{"id"}}, inputs: one("x", 1), targets: []data.Port{class(3)}},
		{name: "large offsets and constants", files: map[string]string{"data": rows("t,c,y", 50, func(i int) string { return fmt.Sprintf("%d.125,0.1,%de-9", 1700000000+i*3, draw("y", i, 1000)) })}, tables: target("y"),
			inputs: one("x", 2), targets: []data.Port{quantity(1)}},
	}
	return slices.Concat(cases, seriesCases(), textCases(), pieceCases())
}

// seriesCases are tables whose rows make windows.
func seriesCases() []tableCase {
	load := rows("time,place,load,sky", 130, func(i int) string {
		return fmt.Sprintf("2024-01-%02d %02d:00,%s,%d.5,%s", 1+i/24, i%24, pick("place", i, "a", "b"), draw("load", i, 60), pick("sky", i, "sun", "rain", "fog"))
	})
	gappy := strings.Join(strings.SplitN(load, "0.5,", 4), ",")
	of := func(q dataset.Training, window, horizon int) dataset.Training {
		q.Window, q.Horizon = window, horizon
		return q
	}
	tables := dataset.Tables{Target: []string{"load"}, ID: []string{"time"}, Drop: []string{"place"}}
	of1 := func(n, m int) []data.Port { return []data.Port{numbers("hours", n, m)} }
	list := []tableCase{
		{name: "windows", files: map[string]string{"data": load, "test": load}, q: of(dataset.Training{}, 6, 0), tables: tables, inputs: of1(6, 4), targets: []data.Port{quantity(1)}},
		{name: "a horizon, and three rows ahead", files: map[string]string{"data": load}, q: of(dataset.Training{Valid: "0.2", Test: []string{"last:9"}}, 5, 2), tables: tables, inputs: of1(5, 4), targets: []data.Port{quantity(3)}},
		{name: "series of groups", files: map[string]string{"data": load, "valid": load}, q: of(dataset.Training{Select: dataset.Select{Group: "place"}}, 4, 0),
			tables: dataset.Tables{Target: []string{"load"}, Drop: []string{"load", "time"}}, inputs: of1(4, 3), targets: []data.Port{quantity(1)}},
		{name: "windows with gaps", files: map[string]string{"data": gappy}, q: of(dataset.Training{}, 3, 0), tables: dataset.Tables{Target: []string{"load"}, ID: []string{"time"}, Drop: []string{"place"}, SkipMissingTarget: true},
			inputs: of1(3, 4), targets: []data.Port{quantity(2)}},
		{name: "classes of a series", files: map[string]string{"data": load}, q: of(dataset.Training{}, 3, 4), tables: dataset.Tables{Target: []string{"sky"}, Drop: []string{"time", "place"}}, inputs: of1(3, 4), targets: []data.Port{class(3)}},
		{name: "a series too short", files: map[string]string{"data": load}, q: of(dataset.Training{}, 126, 0), tables: tables, inputs: of1(126, 4), targets: []data.Port{quantity(1)}},
		{name: "a series to start from", files: map[string]string{"earlier": load, "data": strings.Join(strings.SplitAfter(load, "\n")[:70], "")}, q: of(dataset.Training{}, 5, 0), init: &dataset.Training{Window: 5}, tables: tables, inputs: of1(5, 4), targets: []data.Port{quantity(2)}},
	}
	for i := range list {
		list[i].class = "SeriesData"
	}
	return list
}

// textCases are tables with texts whose words become integers.
func textCases() []tableCase {
	long := strings.Repeat("é", 62) + "'" + strings.Repeat("x", 70) + "’y " + strings.Repeat("a", 63) + "'bb"
	reviews := rows("review,label", 90, func(i int) string {
		text := pick("1", i, "Good", "BAD!", "Don't", "ΣΑΣ", "東京へ", "", long, "it’s", "İstanbul") + " " + pick("2", i, "film", "filme\u00ad…", "x2 y²", "…", "") + " " + pick("3", i, "the the", "e\u0301", "🎉", "5 km", "a_b-c")
		return `"` + text + `",` + pick("label", i, "pos", "neg")
	})
	tables := func(t dataset.Tables) dataset.Tables {
		t.Target = []string{"label"}
		return t
	}
	list := []tableCase{
		{name: "words", files: map[string]string{"data": reviews, "valid": reviews}, inputs: []data.Port{integers("tokens", 20, 5)}, tables: tables(dataset.Tables{})},
		{name: "words with their number", files: map[string]string{"data": reviews}, inputs: []data.Port{integers("n", 5, 1), integers("tokens", 99, 4)}, tables: tables(dataset.Tables{Truncate: "start"})},
		{name: "words with a mask", files: map[string]string{"data": reviews}, inputs: []data.Port{integers("tokens", 99, 6), integers("mask", 2, 6)}, tables: tables(dataset.Tables{})},
		{name: "characters", files: map[string]string{"data": reviews}, inputs: []data.Port{integers("tokens", 30, 12)}, tables: tables(dataset.Tables{Tokens: "char"})},
		{name: "bytes", files: map[string]string{"data": reviews}, inputs: []data.Port{integers("tokens", 258, 12)}, tables: tables(dataset.Tables{Tokens: "byte", Truncate: "start"})},
		{name: "words to start from", files: map[string]string{"earlier": reviews, "data": strings.ReplaceAll(reviews, "film", "book")}, init: &dataset.Training{}, inputs: []data.Port{integers("tokens", 20, 5)}, tables: tables(dataset.Tables{})},
		{name: "no text", files: map[string]string{"data": "a,b,label\n1,0,pos\n3,2,neg\n"}, inputs: []data.Port{integers("x", 4, 2)}, tables: tables(dataset.Tables{})},
	}
	for i := range list {
		list[i].class, list[i].targets = "TextTableData", []data.Port{flag(1)}
	}
	return list
}

// pieceCases are tables with texts, and pairs of them, in the tokens of a vocabulary.
func pieceCases() []tableCase {
	vocab := "[PAD]\n[UNK]\n[CLS]\n[SEP]\nthe\ncat\n##s\nsat\non\na\nmat\n.\n,\nun\n##believ\n##able\n"
	pairs := rows("premise,hypothesis,label", 80, func(i int) string {
		text := func(name string) string {
			return `"` + strings.Join([]string{pick(name+"1", i, "The cats", "Cät", "", "unbelievable"), pick(name+"2", i, "sat on", "SAT, on the", "xyz"), pick(name+"3", i, "a mat.", "the mat on the mat on the cats", "")}, " ") + `"`
		}
		return text("a") + "," + text("b") + "," + pick("label", i, "0", "1")
	})
	tables := func(t dataset.Tables) dataset.Tables {
		t.Target = []string{"label"}
		return t
	}
	list := []tableCase{
		{name: "pairs of texts", inputs: []data.Port{integers("tokens", 16, 12), integers("segment", 2, 12), numbers("mask", 12)}, tables: tables(dataset.Tables{})},
		{name: "pairs whose ends are kept", inputs: []data.Port{integers("mask", 2, 9), integers("tokens", 16, 9), integers("n", 10, 1)}, tables: tables(dataset.Tables{Truncate: "start"})},
		{name: "texts in tokens", inputs: []data.Port{integers("tokens", 16, 6), integers("segment", 2, 6)}, tables: tables(dataset.Tables{Drop: []string{"premise"}})},
		{name: "tokens to start from", init: &dataset.Training{}, inputs: []data.Port{integers("tokens", 16, 12)}, tables: tables(dataset.Tables{})},
		{name: "another vocabulary", inputs: []data.Port{integers("tokens", 17, 12)}, tables: tables(dataset.Tables{})},
	}
	for i := range list {
		list[i].class, list[i].targets = "PieceTableData", []data.Port{flag(1)}
		list[i].files = map[string]string{"data": pairs, "valid": pairs, "earlier": pairs, "vocab": vocab}
	}
	return list
}
