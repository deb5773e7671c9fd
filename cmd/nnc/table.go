package main

import (
	"reflect"

	"github.com/alecthomas/kong"
)

// columnFlags say what the columns of a table are. Like the others here they are both flags and a part of the job.
type columnFlags struct {
	Target   []string `json:"target,omitempty" placeholder:"COLUMN" help:"The columns of the targets, separated by commas. Several targets take the columns of their names, else the order of the losses."`
	Features []string `json:"features,omitempty" placeholder:"COLUMN" help:"The columns of the features; otherwise all others. INPUT=COLUMN begins those of one of several inputs."`
	Drop     []string `json:"drop,omitempty" type:"columns" placeholder:"COLUMN,..." help:"Columns to leave out."`
	ID       []string `json:"id,omitempty" name:"id" type:"columns" placeholder:"COLUMN,..." help:"Columns that tell rows apart: no features. Predictions begin with them."`
}

// writingFlags say how a table is written.
type writingFlags struct {
	Sep       string   `json:"sep,omitempty" placeholder:"SIGN" help:"What separates the cells of CSV: a comma where nothing is said, such as ';' or tab."`
	NoHeader  bool     `json:"no_header,omitempty" help:"The first line of CSV is a row; the columns are named 1, 2 and so on."`
	Decimal   string   `json:"decimal,omitempty" placeholder:"SIGN" help:"What stands before the fraction of a number, such as a comma; a point where nothing is said."`
	Thousands string   `json:"thousands,omitempty" sep:"none" placeholder:"SIGN" help:"What stands between the thousands of a number, such as a comma."`
	Missing   []string `json:"missing,omitempty" placeholder:"TEXT" help:"Texts that stand for a missing number, separated by commas, instead of NA, nan, null, ? and their like. An empty cell always does."`
	Unseen    string   `json:"unseen,omitempty" enum:"remark,error," default:"" placeholder:"HOW" help:"What a text that training never saw is: a remark (where nothing is said), or an error."`
}

// targetFlags say what becomes of rows whose target is missing.
type targetFlags struct {
	SkipMissingTarget bool `json:"skip_missing_target,omitempty" help:"Leave out rows whose target is missing; otherwise they are an error."`
}

// imageFlags say how images are taken.
type imageFlags struct {
	SkipUnreadable bool `json:"skip_unreadable,omitempty" help:"Leave out images that cannot be read; otherwise they are an error."`
}

// kindFlags say what kinds the columns are that a model learns from.
type kindFlags struct {
	Number           []string `json:"number,omitempty" placeholder:"COLUMN" help:"Columns of numbers with signs and units, such as $5 and 5%; other texts are missing values."`
	Text             []string `json:"text,omitempty" placeholder:"COLUMN" help:"Columns of texts, though most of their cells are numbers."`
	Index            []string `json:"index,omitempty" placeholder:"COLUMN" help:"Columns of texts for an input of integers: each text becomes its place in byte order."`
	MissingIndicator bool     `json:"missing_indicator,omitempty" help:"Columns of numbers with missing ones make a second feature, which says where."`
}

// textFlags say how texts become integers.
type textFlags struct {
	Tokens    string `json:"tokens,omitempty" enum:"word,char,byte," default:"" placeholder:"KIND" help:"What a text is divided into: word, char or byte. Where nothing is said, a column of texts is one of words, and a text that goes on one of characters."`
	Tokenizer string `json:"tokenizer,omitempty" placeholder:"wordpiece:FILE" help:"Texts are divided into the tokens of a vocabulary, as BERT's vocab.txt, which is stored with the weights."`
	Truncate  string `json:"truncate,omitempty" enum:"start,end," default:"" placeholder:"END" help:"What a text of a table loses that is too long: its start or its end; the end where nothing is said."`
}

// columnNames reads a flag of type "columns": names separated by commas, where nothing at all, as in --drop ”, is the
// column that has no name, such as pandas' index.
func columnNames(ctx *kong.DecodeContext, target reflect.Value) error {
	var list string
	if err := ctx.Scan.PopValueInto("columns", &list); err != nil {
		return err
	}
	names := []string{""}
	if list != "" {
		names = kong.SplitEscaped(list, ctx.Value.Tag.Sep)
	}
	target.Set(reflect.AppendSlice(target, reflect.ValueOf(names)))
	return nil
}
