package phrase

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestSuggest(t *testing.T) {
	names := []string{"total_rooms", "total_bedrooms", "population"}
	assert.Equal(t, `, did you mean "total_rooms"?`, Suggest("totalrooms", names))
	assert.Equal(t, `, did you mean "population"?`, Suggest("Populaton", names))
	assert.Empty(t, Suggest("x", []string{"y"}))
	assert.Empty(t, Suggest("income", names))
	assert.Equal(t, 3, distance("kitten", "sitting"))
}
