import Primitives

// Encodings of the values that the rules' own files define without knowing of state.

extension Hyperparameters: CanonicalValue {
  package mutating func code(_ coder: inout CanonicalCoder) {
    coder.parameters(&self, Hyperparameters.canonicalFields, remembering: Hyperparameters.memo)
  }
}

extension GlobalParameters: CanonicalValue {
  package mutating func code(_ coder: inout CanonicalCoder) {
    coder.parameters(&self, GlobalParameters.canonicalFields, remembering: GlobalParameters.memo)
  }
}

extension Hyperparameters {
  fileprivate static let canonicalFields = table.map(\.field)
  fileprivate static let memo = CanonicalMemo<Hyperparameters>()
}

extension GlobalParameters {
  fileprivate static let canonicalFields = table.map(\.field)
  fileprivate static let memo = CanonicalMemo<GlobalParameters>()
}

extension CanonicalCoder {
  /// The parameters of a table, in its order; written from memory where they are those of a block ago.
  fileprivate mutating func parameters<Root: Hashable & Sendable>(
    _ root: inout Root, _ fields: [ParameterField<Root>], remembering memo: CanonicalMemo<Root>
  ) {
    guard isWriting else { return parameters(&root, fields) }
    append(
      memo.bytes(of: root) { value in
        var writer = CanonicalCoder()
        var copy = value
        writer.parameters(&copy, fields)
        return writer.bytes
      })
  }

  /// The parameters of a table, in its order.
  mutating func parameters<Root>(_ root: inout Root, _ fields: [ParameterField<Root>]) {
    for field in fields {
      var value = field.value(in: root)
      parameter(&value)
      if !isWriting, !field.store(value, in: &root) { refuse() }
    }
  }

  /// A value in the form it has; the form is known, so only the content is written.
  private mutating func parameter(_ value: inout ParameterValue) {
    switch value {
    case .u64(var number):
      integer(&number)
      value = .u64(number)
    case .signed(var number):
      integer(&number)
      value = .signed(number)
    case .flag(var flag):
      self.flag(&flag)
      value = .flag(flag)
    case .bytes(var bytes):
      data(&bytes)
      value = .bytes(bytes)
    case .wide(var number):
      integer(&number)
      value = .wide(number)
    case .list(var list):
      integers(&list)
      value = .list(list)
    }
  }
}

extension EpochClock: CanonicalValue {
  package init() { self.init(lastEpochBlock: .genesis) }

  package mutating func code(_ coder: inout CanonicalCoder) {
    coder.block(&lastEpochBlock)
    coder.block(&pendingEpochAt)
    coder.integer(&epochIndex)
    coder.integer(&blocksSinceLastStep)
    coder.block(&lastStepBlock)
  }
}

extension WeightCommit: CanonicalValue {
  package init() { self.init(hash: .zero, epoch: 0, block: .genesis) }

  package mutating func code(_ coder: inout CanonicalCoder) {
    var (hash, epoch, block) = (self.hash, self.epoch, self.block)
    coder.hash(&hash)
    coder.integer(&epoch)
    coder.block(&block)
    self = WeightCommit(hash: hash, epoch: epoch, block: block)
  }
}

extension CommitQueue: CanonicalValue {
  package init() { self.init([]) }

  package mutating func code(_ coder: inout CanonicalCoder) {
    var commits = self.commits
    coder.list(&commits)
    self = CommitQueue(commits)
  }
}

extension CommitmentQuota: CanonicalValue {
  package init() { self.init(epoch: 0, used: 0) }

  package mutating func code(_ coder: inout CanonicalCoder) {
    var (epoch, used) = (self.epoch, self.used)
    coder.integer(&epoch)
    coder.integer(&used)
    self = CommitmentQuota(epoch: epoch, used: used)
  }
}
