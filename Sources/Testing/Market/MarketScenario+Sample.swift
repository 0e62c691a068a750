extension MarketScenario {
  /// A scenario to begin with, as `subnet econ sample` prints it.
  ///
  /// In 12,000 blocks the emission halves, moves to the subnet that stake flows to, leaves the one that it flows out
  /// of, and a fourth subnet takes the place of the weakest.
  package static let sampleText = """
    {
      "profile": "local",
      "parameters": { "min_lock_cost": "1000000000000", "subnet_limit": 3 },
      "balances": { "alice": "5000000", "bob": "5000000", "carol": "493000" },
      "subnets": 3,
      "events": [
        { "block": 1, "do": "stake", "who": "alice", "netuid": 1, "tao": "2000" },
        { "block": 1, "do": "stake", "who": "alice", "netuid": 2, "tao": "1000" },
        { "block": 1, "do": "stake", "who": "alice", "netuid": 3, "tao": "500" },
        { "from": 100, "every": 100, "do": "register", "who": "carol", "netuid": 1 },
        { "from": 2000, "every": 5, "until": 4000, "do": "stake", "who": "bob", "netuid": 2, "tao": "10" },
        { "from": 5000, "every": 20, "until": 6000, "do": "unstake", "who": "alice", "netuid": 3, "percent": 10 },
        { "from": 6000, "every": 50, "do": "stake", "who": "bob", "netuid": 1, "tao": "5" },
        { "block": 9000, "do": "create", "who": "carol" },
        { "block": 9100, "do": "stake", "who": "bob", "netuid": 3, "tao": "100" }
      ]
    }
    """
}
