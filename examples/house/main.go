// House is a small HTTP service around a model that `nnc train` has trained: it is asked with what is known about
// a house and answers with its price.
//
// What comes in is the weight file, which holds the columns' statistics too, and requests; what goes out are
// prices, the same to the bit as those of `nnc predict`.
package main

import (
	"flag"
	"log"
	"net/http"
	"time"
)

//go:generate go run ./makedata houses.csv
//go:generate go run github.com/nnc-lang/nnc/cmd/nnc build --test house.nn

func main() {
	log.SetFlags(0)
	log.SetPrefix("house: ")
	weights := flag.String("weights", "house.safetensors", "what nnc train saved")
	address := flag.String("address", "localhost:8080", "where to listen")
	flag.Parse()

	s, err := newService(*weights)
	if err != nil {
		log.Fatal(err)
	}
	server := &http.Server{Addr: *address, Handler: s.handler(), ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second}
	log.Printf("listening on http://%s", *address)
	log.Fatal(server.ListenAndServe())
}
