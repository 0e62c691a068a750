import Primitives

extension GlobalParameters {
  /// What a new subnet starts with: the rows of the subnet's own table under the prefix `new_subnet_`.
  ///
  /// Root may set the ones that the protocol lists; the others come from the genesis file.
  static let newSubnetRows: [GlobalParameterRow] =
    [GlobalParameterRow(.amount("burn_initial", \.burnInitial, upTo: 21_000_000 * Rao.perTAO))]
    + Hyperparameters.table.filter { !Hyperparameters.isSwitchedByGlobals($0) }.map { row in
      GlobalParameterRow(
        row.field.lifted(to: "new_subnet_" + row.name, through: \.newSubnet),
        settableDefaults.contains(row.name) ? .root : .genesis,
        rule: { globals in
          let context = HyperparameterContext(
            netuid: NetUID(1), current: globals.newSubnet, globals: globals, uidCount: 0, setter: .genesis)
          return !row.isRefused(globals.newSubnet, in: context)
        })
    }

  private static let settableDefaults = [
    "tempo", "weights_rate_limit", "serving_rate_limit", "immunity_period", "commit_reveal_weights_enabled",
    "min_non_immune_uids", "min_allowed_uids",
  ]
}

extension Hyperparameters {
  /// Parameters of a new subnet that a switch of the chain decides, under a name of its own.
  static func isSwitchedByGlobals(_ row: HyperparameterRow) -> Bool {
    row.name == "subnet_emission_enabled" || row.name == "subtoken_enabled"
  }
}

extension HyperparameterRow {
  /// Whether the value that `parameters` hold could not be set there.
  func isRefused(_ parameters: Hyperparameters, in context: HyperparameterContext) -> Bool {
    do {
      try check(field.value(in: parameters), in: context)
      return false
    } catch {
      return true
    }
  }
}
