import Ledger
import Primitives
import Testing

@Suite struct HyperparameterRuleTests {
  /// A value offered for a parameter, and the refusal it must meet.
  struct Offer: Sendable, CustomStringConvertible {
    let name: String
    let value: ParameterValue
    let setter: ParameterSetter
    let error: LedgerErrorCode?

    init(_ name: String, _ value: ParameterValue, by setter: ParameterSetter = .owner, _ error: LedgerErrorCode?) {
      self.name = name
      self.value = value
      self.setter = setter
      self.error = error
    }

    var description: String { "\(name) = \(value) by \(setter): \(error?.name ?? "accepted")" }
  }

  static let context = (parameters: Hyperparameters(newSubnet: .main), uidCount: 70)

  static let offers: [Offer] = [
    Offer("tempo", .u64(360), nil), Offer("tempo", .u64(359), .tempoOutOfBounds),
    Offer("tempo", .u64(50400), nil), Offer("tempo", .u64(50401), .tempoOutOfBounds),
    Offer("tempo", .u64(0), by: .root, nil), Offer("tempo", .u64(65536), by: .root, .invalidValue),
    Offer("tempo", .u64(70000), .tempoOutOfBounds),
    Offer("immunity_period", .u64(65535), nil), Offer("immunity_period", .u64(65536), .invalidValue),
    Offer("immunity_period", .flag(true), .invalidValue),
    Offer("max_allowed_uids", .u64(63), .maxAllowedUidsLessThanMinAllowedUids),
    Offer("max_allowed_uids", .u64(69), .maxAllowedUidsLessThanCurrentUids),
    Offer("max_allowed_uids", .u64(70), nil), Offer("max_allowed_uids", .u64(256), nil),
    Offer("max_allowed_uids", .u64(257), .maxAllowedUidsGreaterThanDefault),
    Offer("min_allowed_uids", .u64(69), by: .root, nil), Offer("min_allowed_uids", .u64(70), by: .root, .invalidValue),
    Offer("max_validators", .u64(256), nil), Offer("max_validators", .u64(257), .maxValidatorsLargerThanMaxUids),
    Offer("activity_cutoff_factor", .u64(999), .activityCutoffFactorMilliOutOfBounds),
    Offer("activity_cutoff_factor", .u64(50000), nil),
    Offer("activity_cutoff_factor", .u64(50001), .activityCutoffFactorMilliOutOfBounds),
    Offer("min_burn", .u64(999_999_999), nil), Offer("min_burn", .u64(1_000_000_000), .valueNotInBounds),
    Offer("max_burn", .u64(100_000_001), nil), Offer("max_burn", .u64(100_000_000), .valueNotInBounds),
    Offer("burn_half_life", .u64(0), .invalidValue), Offer("burn_half_life", .u64(0), by: .genesis, nil),
    Offer("burn_half_life", .u64(36100), nil), Offer("burn_half_life", .u64(36101), .invalidValue),
    Offer("burn_increase_mult", .u64(1_000_000), nil), Offer("burn_increase_mult", .u64(3_000_001), .invalidValue),
    Offer("immune_owner_uids_limit", .u64(0), .invalidValue), Offer("immune_owner_uids_limit", .u64(10), nil),
    Offer("immune_owner_uids_limit", .u64(11), .invalidValue),
    Offer("commit_reveal_period", .u64(0), .revealPeriodTooSmall), Offer("commit_reveal_period", .u64(100), nil),
    Offer("commit_reveal_period", .u64(101), .revealPeriodTooLarge),
    Offer("mechanism_count", .u64(1), nil), Offer("mechanism_count", .u64(0), .invalidValue),
    Offer("mechanism_count", .u64(2), .tooManyUIDsPerMechanism), Offer("mechanism_count", .u64(3), .invalidValue),
    Offer("mechanism_emission_split", .list([]), nil), Offer("mechanism_emission_split", .list([65535]), nil),
    Offer("mechanism_emission_split", .list([65534]), .invalidValue),
    Offer("bonds_moving_avg", .u64(975_000), nil),
    Offer("bonds_moving_avg", .u64(975_001), .bondsMovingAverageMaxReached),
    Offer("bonds_moving_avg", .u64(975_001), by: .root, nil),
    Offer("alpha_values", .list([2000, 3000]), .liquidAlphaDisabled),
    Offer("alpha_sigmoid_steepness", .signed(0), nil),
    Offer("alpha_sigmoid_steepness", .signed(-1), .negativeSigmoidSteepness),
    Offer("alpha_sigmoid_steepness", .signed(-1), by: .root, nil),
    Offer("alpha_sigmoid_steepness", .signed(32768), .invalidValue),
    Offer("alpha_sigmoid_steepness", .u64(5), .invalidValue),
    Offer("recycle_or_burn", .word("recycle"), nil), Offer("recycle_or_burn", .word("Burn"), .invalidValue),
    Offer("recycle_or_burn", .bytes([255]), .invalidValue),
    Offer("subnet_emission_enabled", .flag(false), by: .root, nil),
    Offer("min_childkey_take", .u64(11796), nil), Offer("min_childkey_take", .u64(11797), .invalidValue),
    Offer("kappa", .u64(65535), by: .root, nil), Offer("kappa", .u64(65536), by: .root, .invalidValue),
  ]

  @Test(arguments: offers)
  func boundsHoldForEachSetter(_ offer: Offer) throws {
    let before = HyperparameterRuleTests.context.parameters
    let context = HyperparameterContext(
      netuid: NetUID(1), current: before, globals: .main, uidCount: HyperparameterRuleTests.context.uidCount,
      setter: offer.setter)
    let row = try #require(Hyperparameters.row(named: offer.name))
    var parameters = before
    do {
      try row.set(offer.value, in: &parameters, context: context)
      #expect(offer.error == nil)
      #expect(row.field.value(in: parameters) == offer.value)
    } catch {
      #expect(error.code == offer.error)
      #expect(parameters == before)
    }
  }

  @Test func liquidAlphaTakesBothEndsTogether() throws {
    var parameters = Hyperparameters()
    parameters.liquidAlphaEnabled = true
    let context = HyperparameterContext(
      netuid: NetUID(1), current: parameters, globals: .main, uidCount: 1, setter: .owner)
    let row = try Hyperparameters.settableRow(named: "alpha_values")
    let refusals: [(ParameterValue, LedgerError)] = [
      (.list([1638, 1637]), .alphaHighTooLow), (.list([1637, 2000]), .alphaLowOutOfRange),
      (.list([2001, 2000]), .alphaLowOutOfRange), (.list([2000]), .invalidValue), (.list([1, 2, 3]), .invalidValue),
      (.u64(1), .invalidValue),
    ]
    for (value, refusal) in refusals {
      #expect(throws: refusal) { try row.set(value, in: &parameters, context: context) }
    }
    #expect(parameters.alphaLow == 45875 && parameters.alphaHigh == 58982)
    try row.set(.list([1638, 2000]), in: &parameters, context: context)
    #expect(parameters.alphaLow == 1638 && parameters.alphaHigh == 2000)
  }

  @Test func emissionOfRootCannotBeSwitched() throws {
    let context = HyperparameterContext(
      netuid: .root, current: .rootSubnet, globals: .main, uidCount: 1, setter: .root)
    var root = Hyperparameters.rootSubnet
    let row = try Hyperparameters.settableRow(named: "subnet_emission_enabled")
    #expect(throws: LedgerError.invalidValue) { try row.set(.flag(true), in: &root, context: context) }
  }

  /// Column "who" of registry 4, for the rows that are root's alone, and its "nf".
  @Test func rootAloneSetsItsRowsAndSomeEvenInTheFreezeWindow() throws {
    let rootOnly: Set = [
      "max_weights_limit", "min_allowed_uids", "weights_rate_limit", "registration_allowed", "max_regs_per_block",
      "target_regs_per_interval", "min_non_immune_uids", "kappa", "subnet_emission_enabled", "subtoken_enabled",
    ]
    let notFrozen: Set = [
      "weights_rate_limit", "registration_allowed", "min_non_immune_uids", "kappa", "subnet_emission_enabled",
    ]
    for row in Hyperparameters.table {
      if case .partOf = row.call { continue }
      #expect(row.isOwnerSettable != rootOnly.contains(row.name), "\(row.name)")
      let isFreeForRoot = notFrozen.contains(row.name) || row.name == "activity_cutoff_factor"
      #expect(row.freeze.binds(.root) != isFreeForRoot, "\(row.name)")
      #expect(row.freeze.binds(.owner) != notFrozen.contains(row.name), "\(row.name)")
    }
  }

  @Test func ownerLimitsAreCountedInBlocks() throws {
    func limit(_ name: String) throws -> UInt64 {
      try #require(Hyperparameters.row(named: name)).limit.blocks(tempo: 100, globals: .main)
    }
    #expect(try limit("immunity_period") == 200)
    #expect(try limit("weights_version") == 500)
    #expect(try limit("tempo") == 360)
    #expect(try limit("mechanism_count") == 7200)
    #expect(try limit("owner_cut_enabled") == 0)
  }

  static let globalOffers: [Offer] = [
    Offer("max_epochs_per_block", .u64(0), by: .root, .valueNotInBounds),
    Offer("max_mechanism_count", .u64(17), by: .root, .valueNotInBounds),
    Offer("max_mechanism_count", .u64(16), by: .root, nil),
    Offer("owner_cut", .u64(65536), by: .root, .valueNotInBounds),
    Offer("owner_cut", .flag(true), by: .root, .invalidValue),
    Offer("fee_rate", .u64(10_000), by: .root, nil),
    Offer("fee_rate", .u64(10_001), by: .root, .valueNotInBounds),
    Offer("min_delegate_take", .u64(11797), by: .root, .valueNotInBounds),
    Offer("max_delegate_take", .u64(0), by: .root, nil),
    Offer("min_owner_tempo", .u64(50401), by: .root, .valueNotInBounds),
    Offer("price_alpha_den", .u64(0), by: .root, .valueNotInBounds),
    Offer("min_reserve", .u64(0), by: .root, .valueNotInBounds),
    Offer("quorum_super", .u64(1001), by: .root, .valueNotInBounds),
    Offer("flow_cutoff", .signed(-5), by: .root, nil),
    Offer("root_sell_threshold", .wide(-1), by: .root, nil),
    Offer("root_sell_threshold", .u64(1), by: .root, .invalidValue),
    Offer("emission_mode", .word("netFlow"), by: .root, .valueNotInBounds),
    Offer("subnet_limit", .u64(4096), by: .root, .valueNotInBounds),
    Offer("new_subnet_tempo", .u64(0), by: .root, nil),
    Offer("new_subnet_min_allowed_uids", .u64(256), by: .root, .valueNotInBounds),
    Offer("stake_threshold", .u64(.max), by: .root, nil),
  ]

  @Test(arguments: globalOffers)
  func globalBoundsHold(_ offer: Offer) throws {
    var globals = GlobalParameters.main
    let row = try GlobalParameters.settableRow(named: offer.name)
    do {
      try row.set(offer.value, in: &globals)
      #expect(offer.error == nil)
      #expect(globals.value(named: offer.name) == offer.value)
    } catch {
      #expect(error.code == offer.error)
      #expect(globals == .main)
    }
  }
}
