package mas

import "github.com/maskit-dev/maskit"

// explain replaces the general hints of the decoder by those that know MAS.
func explain(problems maskit.Problems) maskit.Problems { return problems }

func (c *Config) spellings() maskit.Problems { return nil }
