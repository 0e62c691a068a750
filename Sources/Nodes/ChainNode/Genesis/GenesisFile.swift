package import JSONText
import Keys
import Ledger
package import Primitives

/// A genesis as a JSON document, in which a chain's founder writes what departs from a profile.
///
/// ```json
/// {
///   "name": "my-network",
///   "profile": "main",
///   "timestamp_ms": 1767225600000,
///   "authorities": ["5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"],
///   "sudo_key": "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty",
///   "guardians": [],
///   "faucet": "//faucet",
///   "balances": {"5FLSigC9HGRKVhB9FiEo4Y3koPsNmBmLJbpXg2mp1hXcS59Y": "1000000000000000"},
///   "parameters": {"min_lock_cost": 1000000000000, "governance_mode": "hybrid"}
/// }
/// ```
///
/// `profile` is required, all else may be absent: no authorities means the key of the node that starts. Accounts are
/// SS58 addresses, 64 hexadecimal digits, or `//name` for a development key. Amounts are rao, as numbers or decimal
/// strings. Parameters are those of registry 4 by name; a Q64 number is its raw integer, a list an array. A member that
/// is not listed here is refused.
package enum GenesisFile {
  /// Bytes of the largest file that is read.
  package static let byteLimit = 4 << 20
  private static let members: Set<String> = [
    "name", "profile", "timestamp_ms", "authorities", "sudo_key", "guardians", "faucet", "balances", "parameters",
  ]

  /// Reads a document.
  ///
  /// - Parameter nodeKey: The authority where the document names none.
  /// - Throws: `ChainNodeError.badGenesis` with the first member that does not fit.
  package static func read(_ document: JSONText.JSONValue, nodeKey: AccountID) throws(ChainNodeError) -> ChainGenesis {
    let genesis: ChainGenesis
    do throws(JSONShapeError) {
      genesis = try parse(document, nodeKey: nodeKey)
    } catch {
      throw .badGenesis("\(error)")
    }
    if let broken = genesis.state.brokenInvariant() { throw .badGenesis(broken) }
    return genesis
  }

  private static func parse(
    _ document: JSONText.JSONValue, nodeKey: AccountID
  ) throws(JSONShapeError) -> ChainGenesis {
    for member in try document.members() where !members.contains(member.name) {
      throw .expected("one of \(members.sorted().joined(separator: ", "))", found: "\"\(member.name)\"")
    }
    let word = try document.member("profile").string()
    guard let profile = ChainProfile(rawValue: word) else { throw .expected("local or main", found: word) }
    var genesis = Genesis()
    genesis.parameters = try parameters(document["parameters"], of: profile)
    genesis.timestampMilliseconds = try document["timestamp_ms"]?.integer() ?? 0
    genesis.authorities = try accounts(document["authorities"])
    if genesis.authorities.isEmpty { genesis.authorities = [nodeKey] }
    if let key = document["sudo_key"] { genesis.sudoKey = try account(key) }
    genesis.guardians = try accounts(document["guardians"])
    if let faucet = document["faucet"] { genesis.faucet = try account(faucet) }
    genesis.balances = try balances(document["balances"])
    return ChainGenesis(name: try document["name"]?.string() ?? word, profile: profile, genesis: genesis)
  }

  private static func balances(_ value: JSONText.JSONValue?) throws(JSONShapeError) -> [GenesisBalance] {
    var balances: [AccountID: UInt64] = [:]
    var total: UInt64 = 0
    for member in try value?.members() ?? [] {
      let owner = try account(.text(member.name))
      let amount: UInt64 = try member.value.integer()
      let (sum, overflow) = total.addingReportingOverflow(amount)
      guard !overflow else { throw .expected("balances that sum below 2^64 rao", found: "more") }
      guard balances.updateValue(amount, forKey: owner) == nil else {
        throw .expected("each account once", found: "\"\(member.name)\" again")
      }
      total = sum
    }
    return balances.keys.sorted().map { GenesisBalance($0, Rao(balances[$0] ?? 0)) }
  }

  private static func parameters(
    _ value: JSONText.JSONValue?, of profile: ChainProfile
  ) throws(JSONShapeError) -> GlobalParameters {
    var parameters = profile.parameters
    for member in try value?.members() ?? [] {
      guard let row = GlobalParameters.row(named: member.name) else {
        throw .expected("a parameter of the chain", found: "\"\(member.name)\"")
      }
      let wanted = try parameter(member.value, row.field.form)
      do throws(LedgerError) {
        try row.set(wanted, in: &parameters)
      } catch {
        throw .expected("a value of \(member.name) within its bounds", found: wanted.description)
      }
    }
    return parameters
  }

  private static func parameter(
    _ value: JSONText.JSONValue, _ form: ParameterForm
  ) throws(JSONShapeError) -> ParameterValue {
    switch form {
    case .u64: .u64(try value.integer())
    case .signed: .signed(try value.integer())
    case .flag: .flag(try value.bool())
    case .word: .word(try value.string())
    case .wide: .wide(try value.integer())
    case .list: .list(try value.integers())
    }
  }

  private static func accounts(_ value: JSONText.JSONValue?) throws(JSONShapeError) -> [AccountID] {
    var accounts: [AccountID] = []
    for element in try value?.elements() ?? [] { accounts.append(try account(element)) }
    return accounts
  }

  private static func account(_ value: JSONText.JSONValue) throws(JSONShapeError) -> AccountID {
    let text = try value.string()
    var account = KeyPair(developmentReference: text)?.account ?? Bytes32(hex: text).map { AccountID($0) }
    if account == nil {
      do throws(AddressError) {
        account = try AccountID(address: text)
      } catch {
        throw .expected("an address, 64 hexadecimal digits or //name", found: "\"\(text)\": \(error)")
      }
    }
    guard let account, PublicKeyRules.isAcceptable(account) else {
      throw .expected("a proper public key", found: "\"\(text)\"")
    }
    return account
  }
}
