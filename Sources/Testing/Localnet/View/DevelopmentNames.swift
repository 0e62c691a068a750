import Keys
package import Primitives

/// The names of the development keys that local networks use, for showing them instead of addresses.
package enum DevelopmentNames {
  /// How far the numbers of validators and miners are known.
  private static let numberLimit = LocalnetPlan.neuronLimit

  package static let byAccount: [AccountID: String] = {
    var names = DevelopmentAccount.allCases.map(\.rawValue) + ["Alice", "subnet-owner"]
    for number in 1...numberLimit { names += ["validator-\(number)", "miner-\(number)"] }
    let pairs = names.map { (KeyPair.development(name: $0).account, "//\($0)") }
    return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
  }()
}
