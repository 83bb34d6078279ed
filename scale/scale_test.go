package scale_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/golden"
	"github.com/maskit-dev/maskit/scale"
)

func TestTiersGolden(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	for _, tier := range scale.Tiers() {
		s := tier.Sizing()
		fmt.Fprintf(&out, "%v\n  load        %+v\n  server      %+v\n  worker      %+v\n  autoscaling %+v\n", s.Tier, s.Load, s.Server, s.Worker, s.Autoscaling)
	}
	golden.Require(t, "testdata/tiers.txt", out.String())
}

func TestExplainGolden(t *testing.T) {
	t.Parallel()
	for name, load := range map[string]scale.Load{
		"explain-derived.txt": {Users: 20_000},
		"explain-given.txt":   {Users: 100_000, DailyActive: 80_000, OnlineDevices: 120_000, SynapseProcesses: 3, LoginsPerSecond: 25, PasswordLogin: true},
	} {
		steps, problems := scale.Explain(load)
		require.Empty(t, problems)
		golden.Require(t, "testdata/"+name, steps.String())
	}
}

// What Explain shows is what For returns.
func TestExplainAgreesWithFor(t *testing.T) {
	t.Parallel()
	load := scale.Load{Users: 300_000, PasswordLogin: true}
	sizing, _ := scale.For(load)
	steps, _ := scale.Explain(load)
	value := map[string]float64{}
	for _, s := range steps {
		value[s.What] = s.Value
	}
	require.EqualValues(t, sizing.Server.Replicas, value["servers"])
	require.EqualValues(t, sizing.Autoscaling.Max, value["servers at most"])
	require.EqualValues(t, sizing.Server.Resources.CPURequest, value["CPU request of a server, millicores"])
	require.EqualValues(t, sizing.Server.Resources.MemoryLimit, value["memory limit of a server, MiB"])
	require.EqualValues(t, sizing.Worker.Replicas, value["workers"])
}

func TestTierNames(t *testing.T) {
	t.Parallel()
	for _, tier := range scale.Tiers() {
		data, err := json.Marshal(tier)
		require.NoError(t, err)
		var again scale.Tier
		require.NoError(t, json.Unmarshal(data, &again))
		require.Equal(t, tier, again)
		require.Equal(t, tier, tier.Sizing().Tier)
	}
	upper, err := scale.ParseTier("XLarge")
	require.NoError(t, err)
	require.Equal(t, scale.XLarge, upper)
	_, err = scale.ParseTier("huge")
	require.EqualError(t, err, `scale: parse tier "huge": want small, medium, large, xlarge or xxlarge`)
	require.Equal(t, "tier(9)", scale.Tier(9).String())
	require.Zero(t, scale.Tier(9).Sizing())
}

func TestBadLoadIsReportedAllAtOnce(t *testing.T) {
	t.Parallel()
	sizing, problems := scale.For(scale.Load{
		Users: -1, DailyActive: -1, OnlineDevices: 1 << 40, SynapseProcesses: 10_001, LoginsPerSecond: math.NaN(),
	})
	require.Zero(t, sizing)
	require.Equal(t, strings.Join([]string{
		"error: users: is -1, but must lie between 1 and 100000000 [out-of-range]",
		"error: daily_active: is -1, but must lie between 0 and 100000000 [out-of-range]",
		"error: online_devices: is 1099511627776, but must lie between 0 and 100000000 [out-of-range]",
		"error: synapse_processes: is 10001, but must lie between 0 and 10000 [out-of-range]",
		"error: logins_per_second: is NaN, but must lie between 0 and 2000 [out-of-range]",
	}, "\n"), problems.String())

	_, problems = scale.Explain(scale.Load{})
	require.ErrorIs(t, problems.Err(), maskit.ErrInvalid)
}

func TestLoadRules(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		load scale.Load
		want string
	}{
		"zero":             {scale.Load{}, "users out-of-range error"},
		"more than people": {scale.Load{Users: 10, DailyActive: 11}, "daily_active more-active-than-users error"},
		"infinite":         {scale.Load{Users: 10, LoginsPerSecond: math.Inf(1)}, "logins_per_second out-of-range error"},
		"negative":         {scale.Load{Users: 10, LoginsPerSecond: -0.1}, "logins_per_second out-of-range error"},
		"overflow":         {scale.Load{Users: math.MaxInt}, "users out-of-range error"},
		"beyond all tiers": {scale.Load{Users: 1_000_001}, "users beyond-tiers info"},
	} {
		_, problems := scale.For(row.load)
		require.Equal(t, []string{row.want}, brief(problems), name)
	}
}

func TestConnections(t *testing.T) {
	t.Parallel()
	budget, problems := scale.Small.Sizing().Connections(scale.PostgreSQL{})
	require.Empty(t, problems)
	require.Equal(t, strings.Join([]string{
		"servers: 4 × 10 = 40",
		"rolling update of servers: 1 × 10 = 10",
		"workers: 1 × 10 = 10",
		"rolling update of workers: 1 × 10 = 10",
		"job that migrates or syncs: 1 × 10 = 10",
		"together: 80 of 97",
		"",
	}, "\n"), budget.String())

	budget, problems = scale.Small.Sizing().Connections(scale.PostgreSQL{MaxConnections: 90, Reserved: 5, OtherClients: 5, Migration: true})
	require.Equal(t, 90, budget.Needed)
	require.Equal(t, 80, budget.Available)
	require.Equal(t, "error: postgresql.max_connections: MAS opens up to 90 connections, but only 80 of 90 are left for it [too-many-connections] "+
		"(fix: raise it to at least 100, or let the autoscaler start no more than 3 servers)", problems.String())

	_, problems = scale.Small.Sizing().Connections(scale.PostgreSQL{OtherClients: 200})
	require.Contains(t, problems.String(), "only -103 of 100 are left for it")
	require.Contains(t, problems.String(), "(fix: raise it to at least 283)")

	_, problems = scale.Small.Sizing().Connections(scale.PostgreSQL{MaxConnections: -1, Reserved: -1, OtherClients: 1 << 30})
	require.Equal(t, []string{
		"postgresql.max_connections out-of-range error", "postgresql.reserved out-of-range error", "postgresql.other_clients out-of-range error",
	}, brief(problems))
	_, problems = scale.Sizing{}.Connections(scale.PostgreSQL{})
	require.Equal(t, []string{"postgresql no-sizing error"}, brief(problems))
}

func TestSplitRate(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		target    scale.Rate
		replicas  int
		each      scale.Rate
		effective scale.Rate
		problems  []string
	}{
		"one replica":    {scale.Rate{3, 0.05}, 1, scale.Rate{3, 0.05}, scale.Rate{3, 0.05}, nil},
		"divides evenly": {scale.Rate{12, 0.5}, 4, scale.Rate{3, 0.125}, scale.Rate{12, 0.5}, nil},
		"rounded down":   {scale.Rate{11, 0.5}, 4, scale.Rate{2, 0.125}, scale.Rate{8, 0.5}, nil},
		"at least one":   {scale.Rate{3, 0.5}, 4, scale.Rate{1, 0.125}, scale.Rate{4, 0.5}, []string{"login.burst rate-limit-exceeded warning"}},
		"largest burst":  {scale.Rate{math.MaxUint32, 1e9}, 10_000, scale.Rate{429_496, 1e5}, scale.Rate{4_294_960_000, 1e9}, nil},
	} {
		share, problems := scale.SplitRate("login", row.target, row.replicas)
		require.Equal(t, scale.Share{Replicas: row.replicas, PerReplica: row.each, Effective: row.effective}, share, name)
		require.Equal(t, row.problems, brief(problems), name)
	}
}

func TestSplitRateRefuses(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		target   scale.Rate
		replicas int
		want     []string
	}{
		"all at once":    {scale.Rate{}, 0, []string{"replicas out-of-range error", "login.burst out-of-range error", "login.per_second out-of-range error"}},
		"negative":       {scale.Rate{1, -1}, 2, []string{"login.per_second out-of-range error"}},
		"NaN":            {scale.Rate{1, math.NaN()}, 2, []string{"login.per_second out-of-range error"}},
		"infinite":       {scale.Rate{1, math.Inf(1)}, 2, []string{"login.per_second out-of-range error"}},
		"too many":       {scale.Rate{1, 1}, 10_001, []string{"replicas out-of-range error"}},
		"too small":      {scale.Rate{3, 1e-12}, 2, []string{"login.per_second rate-too-small error"}},
		"too small each": {scale.Rate{1, 1e-10}, 2, []string{"login.per_second rate-too-small error"}},
	} {
		share, problems := scale.SplitRate("login", row.target, row.replicas)
		require.Zero(t, share, name)
		require.Equal(t, row.want, brief(problems), name)
	}
}

func TestSizingSplitsAmongTheMostServers(t *testing.T) {
	t.Parallel()
	sizing := scale.Small.Sizing()
	servers, workers, pool := sizing.Capacity()
	require.Equal(t, []int{4, 1, 10}, []int{servers, workers, pool})
	share, problems := sizing.SplitRate("login", scale.Rate{Burst: 8, PerSecond: 1})
	require.Empty(t, problems)
	require.Equal(t, servers, share.Replicas)
	require.Equal(t, scale.Rate{Burst: 2, PerSecond: 0.25}, share.PerReplica)
}

func brief(problems maskit.Problems) []string {
	var out []string
	for _, p := range problems {
		out = append(out, p.Path+" "+p.Code+" "+p.Severity.String())
	}
	return out
}

// Sizings are kept and read back; every key is spelled as those of Load are.
func TestSizingJSON(t *testing.T) {
	t.Parallel()
	sizing := scale.Large.Sizing()
	data, err := json.Marshal(sizing)
	require.NoError(t, err)
	require.NotRegexp(t, `"[a-z_]*[A-Z]`, string(data))
	var again scale.Sizing
	require.NoError(t, json.Unmarshal(data, &again))
	require.Equal(t, sizing, again)

	budget, _ := sizing.Connections(scale.PostgreSQL{})
	share, _ := sizing.SplitRate("login.per_ip", scale.Rate{Burst: 100, PerSecond: 1})
	steps, _ := scale.Explain(scale.Load{Users: 100})
	data, err = json.Marshal([]any{budget, share, steps})
	require.NoError(t, err)
	require.NotRegexp(t, `"[a-z_]*[A-Z]\w*":`, string(data))
}
