package main

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestGrows(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"/admin/realms/r/clients":                                   true,
		"/admin/realms/r/clients?clientId=m":                        false,
		"/admin/realms/r/clients?clientId=m&search=true":            true,
		"/admin/realms/r/clients?first=0&max=100":                   false,
		"/admin/realms/r/clients?first=0&max=100000":                true,
		"/admin/realms/r/clients?max=all":                           true,
		"/admin/realms/r/clients/id/roles":                          false,
		"/admin/realms/r/users?username=m":                          true,
		"/admin/realms/r/users?username=m&exact=true":               false,
		"/admin/realms/r/users/id/groups":                           false,
		"/admin/realms/r/groups":                                    true,
		"/admin/realms/r/groups?search=m&exact=true":                true,
		"/admin/realms/r/groups/id/members":                         true,
		"/admin/realms/r/groups/id/members?max=1":                   false,
		"/admin/realms/r/group-by-path/m":                           false,
		"/admin/realms/r/roles":                                     true,
		"/admin/realms/r/identity-provider/instances":               true,
		"/admin/realms/r/identity-provider/instances/alias/mappers": false,
	} {
		parsed, err := url.Parse(address)
		require.NoError(t, err)
		require.Equal(t, want, grows(parsed), address)
	}
}
