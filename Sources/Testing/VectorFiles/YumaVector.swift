package import JSONText
import Primitives
package import Yuma

/// One vector file of `yuma/`: a subnet followed over one or more epochs.
///
/// - Source: the format is described in the vectors' README.
package struct YumaVector: Sendable {
  package let name: String
  package let uidCount: Int
  package let epochs: [Epoch]

  /// One epoch as the file gives it: what it changes, and what must come out.
  package struct Epoch: Sendable {
    package let input: JSONValue
    package let output: JSONValue?
    package let bits: JSONValue?
  }

  private let parameters: JSONValue

  /// - Throws: ``JSONShapeError`` where a member is missing or of another kind.
  package init(_ json: JSONValue) throws(JSONShapeError) {
    guard try json.member("format").integer(Int.self) == 1 else {
      throw .expected("format 1", found: try json.member("format").kind)
    }
    name = try json["name"]?.string() ?? ""
    uidCount = try json.member("n").integer()
    parameters = try json.member("params")
    var epochs: [Epoch] = []
    for epoch in try json.member("epochs").elements() {
      epochs.append(Epoch(input: try epoch.member("input"), output: epoch["output"], bits: epoch["bits"]))
    }
    self.epochs = epochs
  }

  /// Epochs of which the file says what must come out.
  package var expectedEpochCount: Int { epochs.count { $0.output != nil || $0.bits != nil } }

  /// The input of the first epoch.
  package func firstInput() throws(JSONShapeError) -> EpochInput {
    guard let first = epochs.first else { throw .expected("at least one epoch", found: "none") }
    var input = EpochInput(
      block: .genesis, lastStepBlock: .genesis, emission: .zero, alphaStake: [], taoStake: [], lastUpdate: [],
      blockAtRegistration: [], validatorPermit: [], weights: SparseRows(rowCount: uidCount),
      bonds: SparseRows(rowCount: uidCount))
    try input.parameters.apply(parameters)
    try input.apply(first.input)
    return input
  }

  /// The input of epoch `index`, given that of the epoch before it and what came out of it.
  package func input(
    _ index: Int, after previous: EpochInput, _ output: EpochOutput
  ) throws(JSONShapeError) -> EpochInput {
    var input = previous
    input.bonds = output.bonds
    input.validatorPermit = output.validatorPermit
    try input.apply(epochs[index].input)
    return input
  }
}

extension EpochParameters {
  /// Takes over every parameter that `json` names.
  package mutating func apply(_ json: JSONValue) throws(JSONShapeError) {
    for member in try json.members() {
      let value = member.value
      switch member.name {
      case "tempo": tempo = try value.integer()
      case "activity_cutoff_factor_milli": activityCutoffFactorMilli = try value.integer()
      case "tao_weight": taoWeight = try value.integer()
      case "stake_threshold": stakeThreshold = Rao(try value.integer())
      case "max_allowed_validators": maxAllowedValidators = try value.integer()
      case "owner_uid": ownerUID = value.isNull ? nil : UID(try value.integer())
      case "kappa": kappa = try value.integer()
      case "bonds_penalty": bondsPenalty = try value.integer()
      case "bonds_moving_average": bondsMovingAverage = try value.integer()
      case "yuma3": yuma3 = try value.bool()
      case "liquid_alpha": liquidAlpha = try value.bool()
      case "alpha_low": alphaLow = try value.integer()
      case "alpha_high": alphaHigh = try value.integer()
      case "alpha_sigmoid_steepness": alphaSigmoidSteepness = try value.integer()
      case "commit_reveal": commitReveal = try value.bool()
      case "reveal_period": revealPeriod = try value.integer()
      default: break
      }
    }
  }
}

extension EpochInput {
  /// Takes over every input and parameter that `json` names.
  package mutating func apply(_ json: JSONValue) throws(JSONShapeError) {
    try parameters.apply(json)
    for member in try json.members() {
      let value = member.value
      switch member.name {
      case "block": block = BlockNumber(try value.integer())
      case "last_step_block": lastStepBlock = BlockNumber(try value.integer())
      case "emission": emission = Rao(try value.integer())
      case "alpha_stake": alphaStake = try value.integers(UInt64.self).map { Rao($0) }
      case "tao_stake": taoStake = try value.integers(UInt64.self).map { Rao($0) }
      case "last_update": lastUpdate = try value.integers(UInt64.self).map { BlockNumber($0) }
      case "block_at_registration": blockAtRegistration = try value.integers(UInt64.self).map { BlockNumber($0) }
      case "validator_permit": validatorPermit = try value.flags()
      case "weights": weights = try SparseRows(value)
      case "bonds": bonds = try SparseRows(value)
      case "epoch_index": epochIndex = try value.integer()
      case "commits_v2": commits.hashed = try PendingCommits.hashed(value)
      case "commits_v4": commits.timelocked = try PendingCommits.timelocked(value)
      default: break
      }
    }
  }
}

extension SparseRows {
  /// Rows of `[column, value]` pairs.
  package init(_ json: JSONValue) throws(JSONShapeError) {
    self.init()
    for row in try json.elements() {
      var cells: [Cell] = []
      for pair in try row.elements() {
        let (column, value) = try pair.pair()
        cells.append(Cell(try column.integer(), try value.integer()))
      }
      append(row: cells)
    }
  }
}

extension PendingCommits {
  /// `[uid, [[epoch, block], ...]]`, a queue per uid.
  fileprivate static func hashed(_ json: JSONValue) throws(JSONShapeError) -> [Queue] {
    var queues: [Queue] = []
    for entry in try json.elements() {
      let (uid, list) = try entry.pair()
      var commits: [Commit] = []
      for commit in try list.elements() {
        let (epoch, block) = try commit.pair()
        commits.append(Commit(epoch: try epoch.integer(), block: BlockNumber(try block.integer())))
      }
      queues.append(Queue(uid: UID(try uid.integer()), commits: commits))
    }
    return queues
  }

  /// `[epoch, [[uid, block], ...]]`, a list per epoch.
  fileprivate static func timelocked(_ json: JSONValue) throws(JSONShapeError) -> [Queue] {
    var queues: [Queue] = []
    for entry in try json.elements() {
      let (epoch, list) = try entry.pair()
      for commit in try list.elements() {
        let (uid, block) = try commit.pair()
        let made = Commit(epoch: try epoch.integer(), block: BlockNumber(try block.integer()))
        queues.append(Queue(uid: UID(try uid.integer()), commits: [made]))
      }
    }
    return queues
  }
}

extension JSONValue {
  /// The two elements of a list of two.
  func pair() throws(JSONShapeError) -> (JSONValue, JSONValue) {
    guard case .list(let values) = self, values.count == 2 else { throw .expected("a pair", found: kind) }
    return (values[0], values[1])
  }

  /// A list of flags, written as 0 and 1 or as booleans.
  fileprivate func flags() throws(JSONShapeError) -> [Bool] {
    var flags: [Bool] = []
    for value in try elements() { flags.append(try value.bool()) }
    return flags
  }
}
