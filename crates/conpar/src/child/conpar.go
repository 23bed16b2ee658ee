// What every Go program of a cell finds beside it: `measure` answers requests, `memory` makes units that wait.
// Both speak JSON, a line at a time.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// about says which Go this is, and with what it runs.
func about() string {
	limit := debug.SetMemoryLimit(-1)
	return fmt.Sprintf("\"go\":%q,\"gomaxprocs\":%d,\"gomemlimit\":%d", runtime.Version(), runtime.GOMAXPROCS(0), limit)
}

// measure answers each line "N REPEATS" with the seconds that so many calls of run(N) took, and what the last one returned.
func measure(run func(n int) int) {
	fmt.Printf("{%s}\n", about())
	requests := bufio.NewScanner(os.Stdin)
	for requests.Scan() {
		var n, repeats int
		if _, err := fmt.Sscan(requests.Text(), &n, &repeats); err != nil {
			fmt.Fprintln(os.Stderr, "no request:", requests.Text())
			os.Exit(1)
		}
		value := 0
		start := time.Now()
		for range repeats {
			value = run(n)
		}
		fmt.Printf("{\"seconds\":%g,\"value\":%d}\n", time.Since(start).Seconds(), value)
	}
}

// memory calls start again and again, for a unit that calls here() when it is there and then waits. At each of the numbers
// of units in the program's arguments, the first of which is the most memory in bytes, it tells how much there is.
func memory(start func(here func())) {
	most, _ := strconv.ParseUint(os.Args[1], 10, 64)
	var there atomic.Int64
	here := func() { there.Add(1) }
	before, units := resident(), int64(0)
	for _, argument := range os.Args[2:] {
		wanted, _ := strconv.ParseInt(argument, 10, 64)
		for ; units < wanted; units++ {
			if units%1000 == 999 && kibibytes("/proc/self/status", "VmRSS:")<<10 > most {
				fmt.Printf("{\"units\":%d,\"stopped\":\"its %d bytes of memory are used up\"}\n", units, most)
				return
			}
			start(here)
		}
		for there.Load() < units {
			time.Sleep(100 * time.Microsecond)
		}
		fmt.Printf("{\"units\":%d,\"bytes\":%d,%s}\n", units, int64(resident())-int64(before), about())
	}
}

// resident is the memory of this process in bytes: its share of the pages in memory, and the tables that map them.
func resident() uint64 {
	return (kibibytes("/proc/self/smaps_rollup", "Pss:") + kibibytes("/proc/self/status", "VmPTE:")) << 10
}

func kibibytes(file, name string) uint64 {
	text, _ := os.ReadFile(file)
	for line := range strings.Lines(string(text)) {
		if value, found := strings.CutPrefix(line, name); found {
			number, _ := strconv.ParseUint(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
			return number
		}
	}
	return 0
}
