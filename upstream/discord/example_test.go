package discord_test

import (
	"fmt"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/discord"
	"github.com/maskit-dev/maskit/upstream/oidc"
)

func Example() {
	provider := discord.Config{
		Client: oidc.Client{ID: "1234567890", Secret: mas.SecretValue{File: "/run/secrets/discord"}},
	}
	entry, problems := provider.Entry(upstream.Env{ID: "01JSHPZHAXC50QBKH67MH33TNF"})
	if err := problems.Err(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(entry.UserinfoEndpoint)
	fmt.Println(entry.ClaimsImports.Email.Template)
	// Output:
	// https://discord.com/api/users/@me
	// {%- if user.verified in [true, 'true', '1'] and user.email is string and '@' in user.email -%}{{- user.email -}}{%- endif -%}
}
