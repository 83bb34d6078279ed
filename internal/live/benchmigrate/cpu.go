package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// ticks is how many of the units of /proc/PID/stat are a second, on every Linux there is.
const ticks = 100

// cpu is how much processor time the sessions that have ended took, in seconds; zero
// where nobody knows. What others do on the machine at the time hardly changes it.
func (c *cluster) cpu() float64 {
	time.Sleep(300 * time.Millisecond) // Until the last sessions have ended.
	file, err := os.ReadFile(filepath.Join(c.address.Dir, "data", "postmaster.pid"))
	if err != nil {
		return 0
	}
	pid, _, _ := strings.Cut(string(file), "\n")
	stat, err := os.ReadFile(filepath.Join("/proc", pid, "stat"))
	if err != nil {
		return 0
	}
	return childTime(string(stat))
}

// childTime reads the times of children that were waited for, which are the fourteenth
// and the fifteenth field after the name in parentheses.
func childTime(stat string) float64 {
	fields := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:])
	if len(fields) < 15 {
		return 0
	}
	var user, system float64
	_, _ = fmt.Sscan(fields[13], &user)
	_, _ = fmt.Sscan(fields[14], &system)
	return (user + system) / ticks
}

// spent is the processor time of a process that has ended.
func spent(state *os.ProcessState) float64 {
	return (state.UserTime() + state.SystemTime()).Seconds()
}

// load is what else the machine does.
func load() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	average, _, _ := strings.Cut(string(text), " ")
	return average
}
