package main

import (
	"math/rand/v2"
	"strconv"
)

// relation is something that a text can say of a subject, {s}, and an object, {o}, and that can be asked for both.
type relation struct {
	says   []string
	asks   []string // for the object
	whose  []string // for the subject
	object func(w *writer) string
}

// subject is a kind of thing that articles are about.
type subject struct {
	kind      kind
	title     string // of an article, about the name of a town
	relations []relation
}

var subjects = []subject{
	{person, "People of ", []relation{
		{
			says:   []string{"{s} lives in {o}.", "{s} has a house in {o}."},
			asks:   []string{"Where does {s} live?", "In which town does {s} live?"},
			whose:  []string{"Who lives in {o}?"},
			object: (*writer).town,
		},
		{
			says:   []string{"{s} was born in {o}.", "{s} came into the world in {o}."},
			asks:   []string{"When was {s} born?", "In which year was {s} born?"},
			whose:  []string{"Who was born in {o}?"},
			object: (*writer).year,
		},
		{
			says:   []string{"{s} plays the {o}.", "{s} can play the {o}."},
			asks:   []string{"What does {s} play?", "Which instrument does {s} play?"},
			whose:  []string{"Who plays the {o}?"},
			object: one(instruments),
		},
		{
			says:   []string{"{s} works as a {o}.", "{s} is a {o}."},
			asks:   []string{"What does {s} work as?", "What is the work of {s}?"},
			whose:  []string{"Who works as a {o}?"},
			object: one(trades),
		},
		{
			says:   []string{"{s} likes {o}.", "{s} likes {o} most of all."},
			asks:   []string{"What does {s} like?", "What does {s} like most of all?"},
			whose:  []string{"Who likes {o}?"},
			object: both(adjectives, foods),
		},
	}},
	{town, "Towns around ", []relation{
		{
			says:   []string{"{s} lies on the river {o}.", "{s} stands by the river {o}."},
			asks:   []string{"On which river does {s} lie?", "Which river flows by {s}?"},
			whose:  []string{"Which town lies on the {o}?"},
			object: (*writer).river,
		},
		{
			says:   []string{"{s} has {o} inhabitants.", "{s} is home to {o} people."},
			asks:   []string{"How many inhabitants does {s} have?", "How many people live in {s}?"},
			whose:  []string{"Which town has {o} inhabitants?"},
			object: (*writer).thousands,
		},
		{
			says:   []string{"The mayor of {s} is {o}.", "{s} has a mayor, {o}."},
			asks:   []string{"Who is the mayor of {s}?"},
			whose:  []string{"Which town has {o} as mayor?"},
			object: (*writer).person,
		},
		{
			says:   []string{"{s} was founded in {o}.", "{s} was first built in {o}."},
			asks:   []string{"When was {s} founded?", "In which year was {s} founded?"},
			whose:  []string{"Which town was founded in {o}?"},
			object: (*writer).year,
		},
		{
			says:   []string{"{s} is known for its {o}.", "{s} is famous for its {o}."},
			asks:   []string{"What is {s} known for?", "What is {s} famous for?"},
			whose:  []string{"Which town is known for its {o}?"},
			object: both(adjectives, sights),
		},
	}},
	{ship, "Ships of ", []relation{
		{
			says:   []string{"The {s} was built in {o}.", "The ship {s} was built in {o}."},
			asks:   []string{"When was the {s} built?", "In which year was the {s} built?"},
			whose:  []string{"Which ship was built in {o}?"},
			object: (*writer).year,
		},
		{
			says:   []string{"The captain of the {s} is {o}.", "The {s} has a captain, {o}."},
			asks:   []string{"Who is the captain of the {s}?"},
			whose:  []string{"Which ship has {o} as captain?"},
			object: (*writer).person,
		},
		{
			says:   []string{"The {s} carries {o}.", "The ship {s} carries {o}."},
			asks:   []string{"What does the {s} carry?"},
			whose:  []string{"Which ship carries {o}?"},
			object: both(adjectives, goods),
		},
		{
			says:   []string{"The {s} sails to {o}.", "The ship {s} sails to {o}."},
			asks:   []string{"Where does the {s} sail to?", "Which town does the {s} sail to?"},
			whose:  []string{"Which ship sails to {o}?"},
			object: (*writer).town,
		},
		{
			says:   []string{"The {s} has {o} sailors.", "The {s} is home to {o} sailors."},
			asks:   []string{"How many sailors does the {s} have?"},
			whose:  []string{"Which ship has {o} sailors?"},
			object: (*writer).dozens,
		},
	}},
}

// The words that stand for an object.
var (
	adjectives  = []string{"red", "old", "blue", "white", "green", "black", "fine", "small", "warm", "new"}
	instruments = []string{"flute", "drum", "violin", "piano", "harp", "trumpet", "guitar", "horn"}
	trades      = []string{"baker", "doctor", "farmer", "teacher", "painter", "sailor", "tailor", "miller", "weaver", "smith"}
	foods       = []string{"apples", "bread", "milk", "cheese", "soup", "pears", "cake", "tea"}
	sights      = []string{"tower", "bridge", "market", "church", "garden", "mill", "castle", "gate"}
	goods       = []string{"wool", "salt", "fish", "wood", "sand", "glass", "grain", "stones"}

	lists = [][]string{adjectives, instruments, trades, foods, sights, goods}
)

// sayings are sentences that answer nothing. Some hold what the vocabulary does not know.
var sayings = []string{
	"The winter was long.", "It was a fine summer ☀.", "Nobody knows why.", "“So it is,” they say.", "This is an old story — and a good one.",
	"They sing 🎶 there.", "The sign says 東京.", "Much has been said of it …", "Few have seen it.", "It is a long way from here.",
}

// one chooses from a list.
func one(list []string) func(*writer) string {
	return func(w *writer) string { return pick(w.Rand, list) }
}

// both chooses a word from each list.
func both(first, second []string) func(*writer) string {
	return func(w *writer) string { return pick(w.Rand, first) + " " + pick(w.Rand, second) }
}

func (w *writer) person() string { return pick(w.Rand, w.names[person]) }
func (w *writer) town() string   { return pick(w.Rand, w.names[town]) }
func (w *writer) river() string  { return pick(w.Rand, w.names[river]) }

func (w *writer) year() string   { return strconv.Itoa(1500 + w.IntN(500)) }
func (w *writer) dozens() string { return strconv.Itoa(11 + w.IntN(89)) }

func (w *writer) thousands() string {
	return strconv.Itoa(1+w.IntN(9)) + "," + strconv.Itoa(100+w.IntN(900))
}

func pick(r *rand.Rand, list []string) string { return list[r.IntN(len(list))] }
