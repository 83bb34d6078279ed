// Package gitlab describes GitLab to Matrix Authentication Service (MAS): gitlab.com and
// self-managed servers.
//
//	provider := gitlab.Config{
//		Client: oidc.Client{ID: "…", Secret: mas.SecretValue{Inline: secret}},
//		URL:    "https://git.example.com",
//	}
//	entry, problems := provider.Entry(upstream.Env{Site: site, ID: id})
//
// At GitLab, add an application: [Config.SetupSteps] has the values.
//
// # Where the rules come from
//
// GitLab's documentation, "GitLab as OpenID Connect identity provider": the issuer is the
// external_url without a final slash; the claim groups has groups with those that are
// inherited, by full path, and comes from userinfo only; older releases have little but sub
// and email in the ID token, so that userinfo is always asked for; email is the primary address
// only with the scope email, else the public one. User names can be renamed, and taken by
// somebody else afterwards: they are suggested, and linking by them is refused until it is
// acknowledged.
//
// Not verified on a real tenant: the labels of the steps.
//
// # Errors
//
// [Config.Entry] reports every problem at once; see [upstream.Provider].
//
// # What it does not do
//
// GitLab tells nobody about logouts: disable people in MAS too.
package gitlab
