package main

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/migrate"
)

func TestTable(t *testing.T) {
	t.Parallel()
	begun := time.Unix(0, 0)
	var measured table
	measured.addOfficial(official{seconds: 60, load: 31, rebuild: 24, kibibytes: 480 << 10})
	measured.addOfficial(official{seconds: 55, load: 30, rebuild: 24, kibibytes: 470 << 10, cpu: 12, database: 70})
	measured.addNative(answer{Seconds: 25, kibibytes: 100 << 10, cpu: 9, database: 35, Report: migrate.RunReport{Started: begun, Finished: begun.Add(24 * time.Second), Timings: []migrate.Timing{
		{Stage: migrate.StageLoad, Object: "users", Seconds: 3}, {Stage: migrate.StageBuild, Seconds: 15},
	}}}, answer{Seconds: 10, kibibytes: 50 << 10})
	measured.addNative(answer{Seconds: 26}, answer{Seconds: 11})
	measured.addFloor(floor{seconds: 20, copy: 5, indexes: 10, constraints: 5})
	var out strings.Builder
	measured.print(&out, 5_000_000)
	require.Equal(t, ""+
		"                           seconds  rows/s  CPU s  of PostgreSQL  peak MiB           native is\n"+
		"  mas-cli syn2mas migrate    55.00   90909   12.0           70.0       470  2.20 times as fast\n"+
		"               native Run    25.00  200000    9.0           35.0       100                    \n"+
		"                    floor    20.00  250000      -              -         -  1.25 times as long\n"+
		"                   Verify    10.00  500000      -              -        50         0.40 of Run\n"+
		"mas-cli, by its log: load 30.0 s, rebuild 24.0 s\n"+
		"floor: copy 5.0 s, indexes 10.0 s, constraints 5.0 s\n"+
		"native engine: 24.00 s of Run; stages overlap:\n"+
		"   15.00 s  build \n"+
		"    3.00 s  load users\n", out.String())
}

func TestSums(t *testing.T) {
	t.Parallel()
	load, rebuild := sums("2025-11-14T00:29:04.945731Z  INFO syn2mas::migration:321 95 users migrated (0 skipped) in 1.5s\n" +
		"… INFO syn2mas::migration:400 12 third-party IDs migrated (3 skipped) in 0.25s\n… INFO syn2mas::mas_writer index users_pkey rebuilt in 2.0s\n" +
		"… INFO progress migrating users: 10 (0 skipped) /~12 (~83%)\n")
	require.InDelta(t, 1.75, load, 1e-9)
	require.InDelta(t, 2.0, rebuild, 1e-9)
}

func TestChildTime(t *testing.T) {
	t.Parallel()
	require.InDelta(t, 7.5, childTime("31 (post gres) (x) S 1 31 31 0 -1 4194560 1 2 3 4 5 6 500 250 20 0 1 0 7 8"), 1e-9)
	require.Zero(t, childTime("31 (postgres) S 1"))
}
