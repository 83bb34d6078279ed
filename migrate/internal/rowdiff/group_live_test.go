package rowdiff

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live"
)

// TestGroupAgrees: PostgreSQL puts users into the groups that Go puts them into.
func TestGroupAgrees(t *testing.T) {
	t.Parallel()
	conn, err := pgx.Connect(t.Context(), live.Postgres(t).URI())
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close(t.Context())) }()
	users := []string{"", "a", "ab", "abc", "ü", "aü", "üa", "日本", "a日", "🎉", "x🎉y", "é", strings.Repeat("z", 300), "A.B-c=_/1"}
	for i := range 2000 {
		users = append(users, fmt.Sprintf("user%d", i*7919))
	}
	rows, err := conn.Query(t.Context(), `SELECT `+groupSQL("k")+` FROM unnest($1::text[]) WITH ORDINALITY AS u(k, n) ORDER BY n`, users)
	require.NoError(t, err)
	groups, err := pgx.CollectRows(rows, pgx.RowTo[int])
	require.NoError(t, err)
	for i, user := range users {
		require.Equal(t, groups[i], group([]byte(user)), "%q", user)
	}
	slices.Sort(groups)
	require.Greater(t, len(slices.Compact(groups)), 80, "they are spread")
}
