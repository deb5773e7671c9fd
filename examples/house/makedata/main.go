// Makedata makes up the houses that this example learns from: go run ./makedata houses.csv.
//
// What comes in is the name of a file; what goes out is a table of listings in it, the same bytes each time.
// Prices follow a rule with interactions (what an area is worth depends on where it lies) and noise.
package main

import (
	"bufio"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"os"
	"strconv"
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
	houses = 600
	seed   = 1
)

// write makes the table.
func write(w io.Writer) error {
	table := bufio.NewWriter(w)
	fmt.Fprintln(table, "area,bedrooms,bathrooms,age,distance_to_centre,garden,heating,condition,price")
	random := rand.New(rand.NewPCG(seed, 0))
	for range houses {
		h := build(random)
		fmt.Fprintf(table, "%d,%d,%s,%s,%.1f,%s,%s,%s,%d\n",
			h.area, h.bedrooms, maybe(random, h.bathrooms), maybe(random, h.age), h.distance,
			maybe(random, h.garden), h.heating, h.condition, h.price(random))
	}
	return table.Flush()
}

// maybe is the cell of a value that one listing in twenty does not give.
func maybe(random *rand.Rand, v int) string {
	if random.IntN(20) == 0 {
		return ""
	}
	return strconv.Itoa(v)
}

// house is what is true of a house, whether its listing says so or not.
type house struct {
	area                int // m²
	bedrooms, bathrooms int
	age                 int     // years
	distance            float64 // from the centre, km
	garden              int     // m²
	heating, condition  string
}

// build draws a house. Far from the centre, houses and gardens are larger; new houses have modern heating.
func build(random *rand.Rand) house {
	h := house{distance: float64(random.IntN(200)) / 10}
	h.area = 50 + random.IntN(70) + random.IntN(70) + int(3*h.distance)
	h.bedrooms = 1 + h.area/45 + random.IntN(2)
	h.bathrooms = 1 + h.area/110 + random.IntN(2)
	h.age = random.IntN(90)
	if random.IntN(5) < 4 {
		h.garden = 10 * random.IntN(8+int(3*h.distance))
	}
	heatings := []string{"oil", "gas", "gas", "district"}
	if h.age < 30 {
		heatings = []string{"gas", "district", "heat pump", "heat pump"}
	}
	h.heating = heatings[random.IntN(len(heatings))]
	switch repaired := random.IntN(90); {
	case repaired > h.age:
		h.condition = "as new"
	case repaired > h.age/3:
		h.condition = "good"
	default:
		h.condition = "to renovate"
	}
	return h
}

// price is what the house is sold for, to the thousand.
func (h house) price(random *rand.Rand) int {
	central := 1 / (1 + h.distance/8) // 1 in the centre, 0.3 at 20 km
	perArea := 1200 + 3800*central    // for a m² in good condition
	switch h.condition {
	case "as new":
		perArea *= 1.15
	case "to renovate":
		perArea *= 0.75
	}
	perArea -= 6 * float64(h.age)
	price := perArea*float64(h.area) + 450*central*float64(h.garden)
	price += 12_000 * float64(h.bathrooms)
	price += map[string]float64{"heat pump": 25_000, "district": 10_000, "oil": -15_000}[h.heating]
	noise := -1.5 // of three uniform numbers, close to normal: deviation ½
	for range 3 {
		noise += random.Float64()
	}
	return 1000 * int(price*(1+0.12*noise)/1000+0.5)
}
