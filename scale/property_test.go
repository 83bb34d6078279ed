package scale_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/maskit-dev/maskit/scale"
)

func drawLoad(t *rapid.T) scale.Load {
	users := rapid.IntRange(1, 10_000_000).Draw(t, "users")
	return scale.Load{
		Users:            users,
		DailyActive:      rapid.IntRange(1, users).Draw(t, "daily_active"),
		OnlineDevices:    rapid.IntRange(1, 20_000_000).Draw(t, "online_devices"),
		SynapseProcesses: rapid.IntRange(1, 200).Draw(t, "synapse_processes"),
		LoginsPerSecond:  rapid.Float64Range(0.001, 300).Draw(t, "logins_per_second"),
		PasswordLogin:    rapid.Bool().Draw(t, "password_login"),
	}
}

// atLeast fails unless every number of more is at least that of less.
func atLeast(t require.TestingT, less, more scale.Sizing) {
	ordered := func(what string, a, b int) { require.LessOrEqual(t, a, b, what) }
	for _, role := range []struct {
		name string
		a, b scale.Role
	}{{"server", less.Server, more.Server}, {"worker", less.Worker, more.Worker}} {
		ordered(role.name+" replicas", role.a.Replicas, role.b.Replicas)
		ordered(role.name+" surge", role.a.MaxSurge, role.b.MaxSurge)
		ordered(role.name+" unavailable", role.a.MaxUnavailable, role.b.MaxUnavailable)
		ordered(role.name+" CPU", role.a.Resources.CPURequest, role.b.Resources.CPURequest)
		ordered(role.name+" memory request", role.a.Resources.MemoryRequest, role.b.Resources.MemoryRequest)
		ordered(role.name+" memory limit", role.a.Resources.MemoryLimit, role.b.Resources.MemoryLimit)
		ordered(role.name+" pool", role.a.Pool.Max, role.b.Pool.Max)
		ordered(role.name+" pool minimum", role.a.Pool.Min, role.b.Pool.Min)
	}
	ordered("autoscaling minimum", less.Autoscaling.Min, more.Autoscaling.Min)
	ordered("autoscaling maximum", less.Autoscaling.Max, more.Autoscaling.Max)
	ordered("tier", int(less.Tier), int(more.Tier))

	roomy := scale.PostgreSQL{MaxConnections: 200_000}
	a, _ := less.Connections(roomy)
	b, _ := more.Connections(roomy)
	ordered("connections", a.Needed, b.Needed)
}

func TestMoreLoadNeverGivesLess(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		load := drawLoad(t)
		more := load
		more.Users += rapid.IntRange(0, 1_000_000).Draw(t, "more users")
		more.DailyActive += rapid.IntRange(0, more.Users-more.DailyActive).Draw(t, "more active")
		more.OnlineDevices += rapid.IntRange(0, 1_000_000).Draw(t, "more devices")
		more.SynapseProcesses += rapid.IntRange(0, 20).Draw(t, "more processes")
		more.LoginsPerSecond += rapid.Float64Range(0, 100).Draw(t, "more logins")
		more.PasswordLogin = load.PasswordLogin || rapid.Bool().Draw(t, "passwords too")
		a, problems := scale.For(load)
		require.NoError(t, problems.Err())
		b, problems := scale.For(more)
		require.NoError(t, problems.Err())
		atLeast(t, a, b)
	})
}

func TestMoreUsersNeverGiveLessWhenTheRestIsDerived(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		users := rapid.IntRange(1, 50_000_000).Draw(t, "users")
		passwords := rapid.Bool().Draw(t, "passwords")
		a, _ := scale.For(scale.Load{Users: users, PasswordLogin: passwords})
		b, _ := scale.For(scale.Load{Users: users + rapid.IntRange(0, 50_000_000).Draw(t, "more"), PasswordLogin: passwords})
		atLeast(t, a, b)
	})
}

func TestEverySizingIsSound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		load := drawLoad(t)
		s, problems := scale.For(load)
		require.NoError(t, problems.Err())
		require.GreaterOrEqual(t, s.Server.Replicas, 2)
		require.GreaterOrEqual(t, s.Worker.Replicas, 1)
		require.Equal(t, s.Server.Replicas, s.Autoscaling.Min)
		require.Greater(t, s.Autoscaling.Max, s.Autoscaling.Min)
		require.LessOrEqual(t, s.Autoscaling.Max, 10_000)
		for _, role := range []scale.Role{s.Server, s.Worker} {
			require.GreaterOrEqual(t, role.Pool.Max, 2)
			require.GreaterOrEqual(t, role.Pool.Min, 2)
			require.LessOrEqual(t, role.Pool.Min, role.Pool.Max)
			require.Less(t, role.Resources.MemoryRequest, role.Resources.MemoryLimit)
			require.Equal(t, role.Replicas > 1, role.MaxUnavailable == 1)
			require.GreaterOrEqual(t, role.MaxSurge, 1)
		}
		again, _ := scale.For(s.Load)
		require.Equal(t, s, again, "a load with its defaults gives the same")
	})
}

func TestSplitNeverExceedsTheTargetInSilence(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		target := scale.Rate{
			Burst:     rapid.Uint32Range(1, 100_000).Draw(t, "burst"),
			PerSecond: rapid.Float64Range(0.001, 1000).Draw(t, "per_second"),
		}
		replicas := rapid.IntRange(1, 10_000).Draw(t, "replicas")
		share, problems := scale.SplitRate("limit", target, replicas)
		require.NoError(t, problems.Err())
		require.GreaterOrEqual(t, share.PerReplica.Burst, uint32(1))
		require.InEpsilon(t, target.PerSecond, share.Effective.PerSecond, 1e-9)
		require.Equal(t, share.Effective.Burst > target.Burst, len(problems) == 1)
		require.Less(t, int(target.Burst)-int(share.Effective.Burst), replicas, "no more is lost than rounding takes")
	})
}
