// Package scale sizes a deployment of Matrix Authentication Service: users and
// load in; replicas, resources, connection pools and rate limits out.
//
//	sizing, problems := scale.For(scale.Load{Users: 20_000})
//	if err := problems.Err(); err != nil {
//		return err
//	}
//	budget, problems := sizing.Connections(scale.PostgreSQL{MaxConnections: 200})
//	login, problems := sizing.SplitRate("rate_limiting.login.per_ip", scale.Rate{Burst: 30, PerSecond: 0.5})
//
// A [Tier] is a ready-made load for those who do not know theirs.
//
// # How it computes
//
// Two things make MAS work. Synapse asks it about every access token, again
// every two minutes in every process: that is the request rate. And checking a
// password takes a hundred to a thousand times the processor time of any other
// request: that is the CPU demand where people log in by password.
//
// From both follows the CPU demand of the busiest minute. Two servers share it
// and grow up to one core each; beyond that their number grows. [Explain] shows
// every step with its numbers and where each comes from. More load never gives
// fewer replicas, resources or connections.
//
// No sizing of MAS has been published. The costs per request are our own
// measurements of MAS 1.22.0, rounded up; what is called a starting point is a
// guess to be replaced by what the metrics of the deployment show.
//
// # Errors
//
// All functions are pure and report every problem at once, with the YAML keys
// of the input as paths. A result beside a problem of severity error is zero.
//
// # What it does not do
//
// It sizes neither Synapse nor PostgreSQL nor the identity provider, but for the
// number of connections that MAS opens.
package scale
