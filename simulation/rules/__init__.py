"""Pure formulas of the 401(k) plan: statute and plan-document arithmetic.

A rule knows no scenario, no state and no event: limits, rates and amounts come as arguments. Money is int64
cents, one row a person; the engines call a rule with a population, the worked examples with one row.
"""
