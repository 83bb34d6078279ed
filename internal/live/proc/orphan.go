package proc

import (
	"os"
	"time"
)

// OnOrphaned watches in the background and calls f when the process that started this one has ended.
// go test and go run die on SIGKILL without telling the program they started.
func OnOrphaned(f func()) {
	parent := os.Getppid()
	go func() {
		for os.Getppid() == parent {
			time.Sleep(500 * time.Millisecond)
		}
		f()
	}()
}
