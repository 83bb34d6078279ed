package github_test

import (
	"testing"

	"github.com/maskit-dev/maskit/upstream/github"
	"github.com/maskit-dev/maskit/upstream/internal/vendortest"
)

func TestLogins(t *testing.T) {
	t.Parallel()
	server := minimal()
	server.Host = "git.example.com"
	login := func(provider github.Config, profile string, want vendortest.Account) vendortest.Login {
		return vendortest.Login{Provider: provider, Userinfo: profile, Want: want}
	}
	vendortest.Logins(t, map[string]vendortest.Login{
		"a public profile": login(minimal(), `{"id": 583231, "login": "OctoCat", "name": "Mona Lisa", "email": "mona@example.com"}`,
			vendortest.Registered("583231", "octocat", "Mona Lisa", "mona@example.com")),
		"nothing public": login(minimal(), `{"id": 583231, "login": "octocat", "name": null, "email": null}`,
			vendortest.Registered("583231", "octocat", "octocat", "")),
		"an address that a server may not have verified": login(server, `{"id": 7, "login": "mona", "name": "Mona", "email": "mona@example.com"}`,
			vendortest.Registered("7", "mona", "Mona", "")),
		"a large number": login(minimal(), `{"id": 9007199254740993, "login": "octocat"}`,
			vendortest.Registered("9007199254740993", "octocat", "octocat", "")),
		"no profile at all": login(minimal(), `{"message": "Bad credentials"}`, vendortest.Denied()),
	})
}
