package mas_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
)

func TestCapacityDividesLimits(t *testing.T) {
	t.Parallel()
	config, problems := builder(t).
		RateLimits(mas.RateLimiting{
			Login:        &mas.LoginLimits{PerIP: &mas.RateLimit{Burst: 20, PerSecond: 0.5}},
			Registration: &mas.RateLimit{Burst: 2, PerSecond: 0.004},
		}).
		Capacity(mas.Capacity{Servers: 4, PoolSize: 8}).Build()
	require.NoError(t, problems.Err())
	require.Equal(t, mas.Set[uint32](8), config.Database.MaxConnections)

	limits := config.RateLimiting
	require.Equal(t, &mas.RateLimit{Burst: 5, PerSecond: 0.125}, limits.Login.PerIP)
	require.Equal(t, &mas.RateLimit{Burst: 1, PerSecond: 0.001}, limits.Registration)
	require.Equal(t, &mas.RateLimit{Burst: 450, PerSecond: 0.125}, limits.Login.PerAccount, "MAS's default is divided too")
	require.Equal(t, &mas.RateLimit{Burst: 2, PerSecond: 1.0 / 60 / 4}, limits.EmailAuthentication.AttemptPerSession)

	require.Equal(t, []string{"rate_limiting.registration.burst rate-limit-exceeded"}, codes(problems.Only(maskit.SeverityWarning)))
	require.Equal(t, []string{
		"rate_limiting.account_recovery.per_ip.burst rate-limit-exceeded",
		"rate_limiting.account_recovery.per_address.burst rate-limit-exceeded",
		"rate_limiting.email_authentication.per_address.burst rate-limit-exceeded",
		"rate_limiting.email_authentication.emails_per_session.burst rate-limit-exceeded",
	}, codes(problems.Only(maskit.SeverityInfo)), "MAS's own limits of 3 and 2, which four servers exceed")
}

func TestCapacityLeavesOneServerAlone(t *testing.T) {
	t.Parallel()
	limits := mas.RateLimiting{Registration: &mas.RateLimit{Burst: 2, PerSecond: 0.004}}
	config := build(t, builder(t).RateLimits(limits).Capacity(mas.Capacity{Workers: 2}))
	require.Equal(t, &limits, config.RateLimiting)
}

func TestCapacityKeepsInvalidLimitsInvalid(t *testing.T) {
	t.Parallel()
	_, problems := builder(t).
		RateLimits(mas.RateLimiting{Registration: &mas.RateLimit{}}).
		Capacity(mas.Capacity{Servers: 3}).Build()
	require.Equal(t, []string{
		"rate_limiting.registration.burst required", "rate_limiting.registration.per_second required",
	}, codes(problems.Only(maskit.SeverityError)))
}

// The servers never allow more together than was asked for, unless there are more
// of them than tokens; and they never waste a whole server's share.
func TestCapacityShares(t *testing.T) {
	t.Parallel()
	base := builder(t)
	rapid.Check(t, func(rt *rapid.T) {
		servers := rapid.IntRange(1, 500).Draw(rt, "servers")
		target := mas.RateLimit{
			Burst:     rapid.Uint32Range(1, 1_000_000).Draw(rt, "burst"),
			PerSecond: rapid.Float64Range(0.001, 1000).Draw(rt, "rate"),
		}
		config, problems := base.RateLimits(mas.RateLimiting{Registration: &target}).Capacity(mas.Capacity{Servers: servers}).Build()
		require.NoError(rt, problems.Err())
		share := config.RateLimiting.Registration
		together := int(share.Burst) * servers
		require.GreaterOrEqual(rt, share.Burst, uint32(1))
		require.InEpsilon(rt, target.PerSecond, share.PerSecond*float64(servers), 1e-9)
		warned := len(problems.Only(maskit.SeverityWarning)) > 0
		require.Equal(rt, together > int(target.Burst), warned)
		if int(target.Burst) >= servers {
			require.LessOrEqual(rt, together, int(target.Burst))
			require.Greater(rt, together, int(target.Burst)-servers)
		}
	})
}
