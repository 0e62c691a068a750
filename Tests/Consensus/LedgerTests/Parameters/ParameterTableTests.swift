import Ledger
import Primitives
import Testing

@Suite struct ParameterTableTests {
  /// A value of the same form that differs, where the form allows one.
  static func other(than value: ParameterValue, form: ParameterForm) -> ParameterValue? {
    switch (value, form) {
    case (.u64(let number), .u64(let range)):
      range.lowerBound == range.upperBound ? nil : .u64(number == range.upperBound ? number - 1 : number + 1)
    case (.signed(let number), _): .signed(number == .max ? number - 1 : number + 1)
    case (.flag(let flag), _): .flag(!flag)
    case (.bytes(let bytes), .word(let words)): words.first { Array($0.utf8) != bytes }.map { .word($0) }
    case (.wide(let number), _): .wide(number &+ 1)
    case (.list(let list), _): .list(list + [1])
    default: nil
    }
  }

  @Test func everyHyperparameterIsStoredInAPlaceOfItsOwn() {
    for row in Hyperparameters.table {
      var changed = Hyperparameters()
      let before = row.field.value(in: changed)
      guard let value = ParameterTableTests.other(than: before, form: row.field.form) else { continue }
      #expect(row.field.store(value, in: &changed))
      #expect(row.field.value(in: changed) == value, "\(row.name)")
      for other in Hyperparameters.table where other.name != row.name {
        #expect(other.field.value(in: changed) == other.field.value(in: Hyperparameters()), "\(row.name) \(other.name)")
      }
    }
  }

  @Test func everyGlobalParameterIsStoredInAPlaceOfItsOwn() {
    for row in GlobalParameters.table {
      var changed = GlobalParameters.main
      let before = row.field.value(in: changed)
      guard let value = ParameterTableTests.other(than: before, form: row.field.form) else { continue }
      #expect(row.field.store(value, in: &changed))
      #expect(row.field.value(in: changed) == value, "\(row.name)")
      for other in GlobalParameters.table where other.name != row.name {
        #expect(other.field.value(in: changed) == other.field.value(in: .main), "\(row.name) \(other.name)")
      }
    }
  }

  @Test func copyingEveryFieldCopiesTheWhole() {
    var globals = GlobalParameters.main
    for row in GlobalParameters.table { #expect(row.field.store(row.field.value(in: .local), in: &globals)) }
    // The two that a new subnet takes from switches of the chain stay as they are in both.
    #expect(globals == .local)
    var parameters = Hyperparameters()
    let source = Hyperparameters.rootSubnet
    for row in Hyperparameters.table { #expect(row.field.store(row.field.value(in: source), in: &parameters)) }
    #expect(parameters == source)
  }

  @Test func everyValueSurvivesTheWayThroughFields() {
    let samples: [ParameterValue] = [
      .u64(0), .u64(.max), .signed(.min), .signed(-1), .flag(true), .flag(false), .word("burn"), .bytes([]),
      .wide(.min), .wide(-1), .wide(1 << 64), .wide(.max), .list([]), .list([0, 65535]),
    ]
    for value in samples { #expect(ParameterValue(value.fields) == value) }
    #expect(ParameterValue.wide(-1).fields["wide"] == .bytes([UInt8](repeating: 255, count: 16)))
  }

  @Test(
    arguments: [
      [:], ["u64": .unsigned(1), "flag": .flag(true)], ["u64": .flag(true)], ["wide": .bytes([1, 2])],
      ["list": .group(["values": .unsignedList([65536])])], ["list": .unsignedList([1])], ["other": .unsigned(1)],
    ] as [Fields])
  func fieldsOfAnotherShapeAreNoValue(_ fields: Fields) {
    #expect(ParameterValue(fields) == nil)
  }

  @Test func everyValueIsReadBackFromItsText() {
    for row in GlobalParameters.table {
      for globals in [GlobalParameters.main, .local] {
        let value = row.field.value(in: globals)
        #expect(row.field.form.value(parsing: value.description) == value, "\(row.name)")
      }
    }
    #expect(ParameterForm.list.value(parsing: "1,65535") == .list([1, 65535]))
    let refused: [(ParameterForm, String)] = [
      (.list, "1,"), (.list, "65536"), (.flag, "yes"), (.u64(0...5), "6"), (.u64(0...5), "-1"), (.word(["a"]), "b"),
      (.wide(0...1), "2"), (.signed(-1...1), ""),
    ]
    for (form, text) in refused { #expect(form.value(parsing: text) == nil, "\(text)") }
  }

  @Test func aGenesisFileSetsWhatNobodyCanSetLater() throws {
    var globals = GlobalParameters.main
    try globals.storeFromGenesis(.word("sudo"), as: "governance_mode")
    try globals.storeFromGenesis(.u64(0), as: "new_subnet_burn_half_life")
    #expect(globals.governanceMode == .sudo && globals.newSubnet.burnHalfLife == 0)
    #expect(globals.firstOutOfBounds == nil)
    #expect(throws: LedgerError.unknownParameter) { try globals.storeFromGenesis(.u64(0), as: "burn") }
    #expect(throws: LedgerError.valueNotInBounds) { try globals.storeFromGenesis(.flag(true), as: "fee_rate") }
  }

  @Test func namesThatACallCannotSetAreUnknown() {
    for name in [
      "", "Tempo", "tempo", "mechanism_count", "mechanism_emission_split", "alpha_low", "burn", "difficulty",
    ] {
      #expect(throws: LedgerError.unknownParameter) { try Hyperparameters.settableRow(named: name) }
    }
    for name in ["", "faucet_enabled", "governance_mode", "block_time_ms", "new_subnet_kappa", "supply"] {
      #expect(throws: LedgerError.unknownParameter) { try GlobalParameters.settableRow(named: name) }
    }
  }

  @Test func legacyConstantsAreReadable() {
    let parameters = Hyperparameters()
    #expect(parameters.value(named: "difficulty") == .u64(10_000_000))
    #expect(parameters.value(named: "max_difficulty") == .u64(4_611_686_018_427_387_903))
    #expect(parameters.value(named: "activity_cutoff") == .u64(5000))
    #expect(parameters.value(named: "alpha_values") == .list([45875, 58982]))
  }

  @Test func changesOfGovernanceNeedTheStrictMajority() {
    #expect(GlobalParameters.proposalClass(ofChanging: "voting_period") == .strict)
    #expect(GlobalParameters.proposalClass(ofChanging: "quorum_simple") == .strict)
    #expect(GlobalParameters.proposalClass(ofChanging: "tao_weight") == .simple)
    #expect(GlobalParameters.proposalClass(ofChanging: "governance_mode") == nil)
  }
}
