package check

import (
	"net/url"

	"github.com/maskit-dev/maskit"
)

// Origin reports an address that has a path, for servers that cannot live below one. It
// accepts the empty string, and leaves what is no address to [Server].
func Origin(path, value string) maskit.Problems {
	u, err := url.Parse(value)
	if err != nil || u.Path == "" || u.Path == "/" || u.Host == "" {
		return nil
	}
	return problem(path, "url-not-origin", "has a path, but the server has none", "remove everything after the host")
}
