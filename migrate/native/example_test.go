package native_test

import (
	"fmt"

	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/migrate/native"
)

func Example() {
	m := migrate.Syn2MAS{
		Engine: native.Engine{Workers: 2, MaxRowsPerSecond: 100_000},
	}
	fmt.Println(m.Engine.Name(), m.Engine.FindsAnomalies())
	// Output: native true
}
