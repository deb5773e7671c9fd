// Makedata makes up the series that this example learns from: go run ./makedata load.csv.
//
// What comes in is the name of a file; what goes out is a table in it, an hour a line, the same bytes each time. How much
// power a town takes follows the hour, the day of the week and how cold it has been, and deviations that last for hours.
package main

import (
	"bufio"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"os"
	"time"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: makedata FILE")
	}
	file, err := os.Create(os.Args[1])
	if err != nil {
		log.Fatal("makedata: ", err)
	}
	if err := write(file); err != nil {
		log.Fatal("makedata: ", err)
	}
	if err := file.Close(); err != nil {
		log.Fatal("makedata: ", err)
	}
}

const (
	hours = 30 * 7 * 24
	seed  = 1
)

// What the town takes in MW, by the hour: on days of work, on Saturdays and on Sundays.
var profiles = [3][24]float64{
	{62, 58, 56, 55, 57, 64, 78, 96, 108, 112, 114, 116, 115, 111, 108, 106, 107, 113, 120, 118, 108, 96, 83, 71},
	{64, 59, 56, 54, 54, 56, 60, 68, 78, 87, 92, 94, 93, 89, 86, 84, 86, 93, 102, 103, 97, 89, 80, 71},
	{63, 58, 54, 52, 51, 51, 53, 57, 64, 73, 81, 88, 90, 84, 76, 72, 74, 82, 93, 97, 92, 84, 74, 66},
}

// write makes the table.
func write(w io.Writer) error {
	table := bufio.NewWriter(w)
	fmt.Fprintln(table, "time,hour,day,temperature,load")
	random := rand.New(rand.NewPCG(seed, 0))
	town := town{indoors: 8}
	for at := range hours {
		now := time.Date(2024, time.January, 1, at, 0, 0, 0, time.UTC)
		town.hour(random, now)
		fmt.Fprintf(table, "%s,%d,%s,%.1f,%.1f\n", now.Format("2006-01-02 15:04"), now.Hour(), now.Format("Mon"), town.temperature, town.load)
	}
	return table.Flush()
}

// town is how things stand in an hour.
type town struct {
	temperature float64 // °C
	load        float64 // MW

	weather float64 // what the days differ by, °C
	indoors float64 // what the houses are cooled down to, °C: the outside, a day late
	mood    float64 // what the town takes more than it should, MW
}

// hour goes on by an hour. Products are rounded before sums, so that the table is the same everywhere.
func (t *town) hour(random *rand.Rand, now time.Time) {
	t.weather = float64(0.99*t.weather) + float64(0.9*noise(random))
	sun := 14 - now.Hour()
	if sun < -10 {
		sun += 24 // at two in the night it is as cold as can be, at two in the afternoon as warm
	}
	if sun < 0 {
		sun = -sun
	}
	t.temperature = 12 + t.weather - float64(0.6*float64(sun))
	t.indoors += float64((t.temperature - t.indoors) / 18)
	profile := profiles[0]
	switch now.Weekday() {
	case time.Saturday:
		profile = profiles[1]
	case time.Sunday:
		profile = profiles[2]
	}
	busy := (profile[now.Hour()] - 50) / 70 // from 0 in the night to 1
	t.mood = float64(0.9*t.mood) + float64(0.8*noise(random))
	heating := float64(max(0, 11-t.indoors) * (1 + float64(2*busy)))
	cooling := float64(max(0, t.indoors-13) * 6 * busy)
	t.load = profile[now.Hour()] + heating + cooling + t.mood + float64(0.7*noise(random))
}

// noise is close to normal, with deviation 1: the sum of twelve uniform numbers.
func noise(random *rand.Rand) float64 {
	sum := -6.0
	for range 12 {
		sum += random.Float64()
	}
	return sum
}
