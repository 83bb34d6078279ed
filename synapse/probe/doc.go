// Package probe looks at a running homeserver that delegates to MAS, and says
// what is wrong, on which hop, and how to mend it.
//
//	p, err := probe.New(probe.Config{Site: site, Secret: secret})
//	if err != nil {
//		return err
//	}
//	report, err := p.Run(ctx)
//	if err != nil {
//		return err
//	}
//	return report.Problems.Err()
//
// It asks harmless questions only: nothing that is known to be a token is ever
// sent, nobody is signed in or out, and nothing is changed. What it can see
// depends on where it runs and what it is given: with the public addresses
// alone it judges the edge as clients see it; with Site.SynapseURL, Site.MASURL
// and the shared secret, from inside, it tells the hops behind the edge apart too.
// A check that lacks something is skipped and says what to give.
//
// All questions are asked first, then all answers are judged together. One cause
// gives one finding: when MAS is down, the checks that fail for that reason are
// skipped and name it.
//
// # Checks
//
// In the order in which they build on each other; the names are stable:
//
//   - client-edge, account-edge: somebody answers under the public addresses
//   - synapse, mas: the internal addresses lead to Synapse and MAS
//   - edge-synapse, edge-mas: the edge sends the public addresses to the right one
//   - synapse-routes, compat-routes: each answers the paths that are its own, by
//     the table of package routes
//   - delegation, issuer, metadata: Synapse delegates, MAS calls itself what the site
//     calls it, and Synapse relays that
//   - synapse-secret, mas-secret, introspection: both hold the same secret, and
//     Synapse can ask MAS about a token
//   - authorization, cors, cache: the edge leaves headers alone and keeps no answers
//   - mas-api-private, admin-api-private: /_synapse/mas and /_synapse/admin are not public
//   - well-known-client, well-known-server: the homeserver is found by its server name
//   - version: Synapse is one that works with MAS
//
// What answers are told apart by was seen with Synapse 1.136.0 and 1.163.2, and MAS 1.22.0.
//
// # Errors
//
// [New] refuses addresses that [maskit.Site] would refuse. [Probe.Run] fails only
// when its context ends; all else is a finding, whose Path is the URL that was
// asked. The secret goes to Site.SynapseURL and Site.MASURL, and is never shown.
//
// # What it does not do
//
// It sees of each address the Synapse process that happens to answer: where there
// are workers, run it with the address of each. It follows no sign-in to its end,
// and sees neither what a proxy writes into X-Forwarded-For nor the configuration of
// anything. It reads no environment: for a proxy on the way, inject an HTTPClient.
package probe
