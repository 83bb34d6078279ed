package strictyaml

import "github.com/agnivade/levenshtein"

// Closest returns the known word that somebody who wrote word most likely meant,
// or "" if none is close.
func Closest(word string, known []string) string {
	if len(word) > maxKeyShown {
		return ""
	}
	best, bestDistance := "", max(1, len(word)/3)+1
	for _, k := range known {
		if d := levenshtein.ComputeDistance(word, k); d < bestDistance {
			best, bestDistance = k, d
		}
	}
	return best
}
