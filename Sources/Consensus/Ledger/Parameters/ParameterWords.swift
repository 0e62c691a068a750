/// A parameter that holds one of a few words.
///
/// The words are the raw values. A chain accepts only those whose rule it carries out: storing another would change
/// nothing and mislead its readers.
package protocol ParameterWord: RawRepresentable<String>, CaseIterable, Hashable, Sendable {
  /// The words that this ledger carries out.
  static var accepted: [Self] { get }
}

/// What happens to the incentive of the subnet owner's own hotkeys. Source: economy 11.4.
package enum OwnerIncentive: String, ParameterWord {
  case burn, recycle, pay
  package static let accepted = allCases
}

/// How a new subnet's pool is filled. Source: economy 7.3.
package enum PoolSeedMode: String, ParameterWord {
  case minLockAtOne, medianPrice
  package static let accepted: [PoolSeedMode] = [.minLockAtOne]
}

/// Where the price of a neuron slot goes. Source: economy 8.
package enum RegistrationFeeMode: String, ParameterWord {
  case recycleTao, recycleAlpha
  package static let accepted: [RegistrationFeeMode] = [.recycleTao]
}

/// Where the pool's fee goes. Source: economy 9.1.
package enum FeeDestination: String, ParameterWord {
  case pool, author
  package static let accepted: [FeeDestination] = [.pool]
}

/// What decides a subnet's part of the emission. Source: economy 10.3.
package enum EmissionMode: String, ParameterWord {
  case flow, netFlow, price
  package static let accepted: [EmissionMode] = [.flow, .price]
}

/// What becomes of the TAO that a weak pool cannot take in. Source: economy 10.5.
package enum ExcessMode: String, ParameterWord {
  case recycle, buyHold, skip
  package static let accepted: [ExcessMode] = [.recycle]
}

/// How root stakers are paid. Source: economy 11.4, 11.5.
package enum RootDividendMode: String, ParameterWord {
  case swapAtEpoch, claim
  package static let accepted: [RootDividendMode] = [.swapAtEpoch]
}

/// Who is root. Source: registry 13.
package enum GovernanceMode: String, ParameterWord {
  case sudo, hybrid, onchain
  package static let accepted = allCases
}
