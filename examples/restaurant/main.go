// Restaurant learns a menu from bills. Three numbers come in, how many of each dish were ordered; two go out, the
// total and the service fee in it. A linear layer of three inputs and two outputs is exactly such a bill, so that
// training must find the prices.
//
// What comes in is nothing, what goes out is the account on standard output.
package main

import (
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"os"
)

//go:generate go run github.com/nnc-lang/nnc/cmd/nnc build --test restaurant.nn

// The menu, and the part of the dishes' prices that is charged for service.
var (
	dishes  = [3]string{"soup", "pasta", "salad"}
	prices  = [3]float32{6.50, 12.00, 8.20}
	service = float32(0.10)
)

func main() {
	log.SetFlags(0)
	if err := run(os.Stdout); err != nil {
		log.Fatal("restaurant: ", err)
	}
}

const steps = 8_000

// run trains on bills and prints what was learnt beside the menu.
func run(w io.Writer) error {
	model := NewRestaurant()
	random := rand.New(rand.NewPCG(1, 0))
	orders, bills := make([]float32, 3*RestaurantBatch), make([]float32, 2*RestaurantBatch)
	for step := range steps {
		fill(random, orders, bills)
		loss, err := model.Train(orders, bills)
		if err != nil {
			return err
		}
		if step == 0 || step == 99 || step == steps-1 {
			fmt.Fprintf(w, "step %5d  loss %.6f\n", step+1, loss)
		}
	}

	weight, bias := make([]float32, 2*3), make([]float32, 2)
	for _, p := range model.Params() {
		dst := weight // linear1.weight [2, 3]: a row per output, a column per input
		if p.Name == "linear1.bias" {
			dst = bias
		}
		if err := p.Get(dst); err != nil {
			return err
		}
	}
	fmt.Fprintf(w, "\n%-6s  %12s  %7s  %15s  %7s\n", "", "adds to bill", "learnt", "adds to service", "learnt")
	for i, dish := range dishes {
		fmt.Fprintf(w, "%-6s  %12.2f  %7.2f  %15.2f  %7.2f\n", dish, (1+service)*prices[i], weight[i], service*prices[i], weight[3+i])
	}
	fmt.Fprintf(w, "%-6s  %12.2f  %7.2f  %15.2f  %7.2f\n", "none", 0.0, bias[0], 0.0, bias[1])

	order, predicted := []float32{2, 1, 3}, make([]float32, 2)
	if err := model.Predict(order, predicted); err != nil {
		return err
	}
	total, fee := bill([3]float32(order))
	fmt.Fprintf(w, "\n2 soups, 1 pasta, 3 salads: %.2f with %.2f service (by the menu: %.2f with %.2f)\n", predicted[0], predicted[1], total, fee)
	return nil
}

// fill makes up orders [n, 3] of up to five of each dish, and writes their bills [n, 2].
func fill(random *rand.Rand, orders, bills []float32) {
	for i := range orders {
		orders[i] = float32(random.IntN(6))
	}
	for n := range len(bills) / 2 {
		bills[2*n], bills[2*n+1] = bill([3]float32(orders[3*n:]))
	}
}

// bill is what the model shall learn: the total and the service fee in it. Products are rounded before they are
// added, so that no platform fuses the two and the bills are the same everywhere.
func bill(order [3]float32) (total, fee float32) {
	sum := float32(0)
	for i, n := range order {
		sum += float32(n * prices[i])
	}
	fee = float32(service * sum)
	return sum + fee, fee
}
