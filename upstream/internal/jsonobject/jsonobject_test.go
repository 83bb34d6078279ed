package jsonobject

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSplit(t *testing.T) {
	t.Parallel()
	members, ok := Split([]byte(` {"a": 1, "b": {"a": [2]}, "a": null} `))
	require.True(t, ok)
	require.Equal(t, []Member{{"a", json.RawMessage("1")}, {"b", json.RawMessage(`{"a": [2]}`)}, {"a", json.RawMessage("null")}}, members)

	members, ok = Split([]byte("{}"))
	require.True(t, ok)
	require.Empty(t, members)

	for _, data := range []string{"", "[]", "null", `"a"`, "{", `{"a":1}x`, `{"a"}`, `{1:2}`, "{\"a\":\"\xff\"}", "\ufeff{}"} {
		_, ok := Split([]byte(data))
		require.False(t, ok, data)
	}
}
