package live_test

import (
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live"
)

func TestOpenLDAP(t *testing.T) {
	t.Parallel()
	directory := live.OpenLDAP(t, "dn: ou=people,dc=example,dc=com\nobjectClass: organizationalUnit\nou: people\n")
	address := strings.TrimPrefix(directory.URL, "ldap://")
	dial := func() error {
		var dialer net.Dialer
		connection, err := dialer.DialContext(t.Context(), "tcp", address)
		if err != nil {
			return err
		}
		return connection.Close()
	}
	require.NoError(t, dial())
	directory.Stop()
	require.Error(t, dial())
	directory.Start(t)
	require.NoError(t, dial())
}
