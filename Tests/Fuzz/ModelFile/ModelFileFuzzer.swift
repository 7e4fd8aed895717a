import Fuzzing
import Inference
import ModelFile
import Packaging

private let file = InputFile()

/// A whole file, which is opened, verified, and used for a prediction if it holds a classifier.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    file.write(FuzzInput(start, count).rest)
    guard let model = try? ModelFile(path: file.path) else { return 0 }
    try? model.verify()
    for tensor in model.tensors { precondition(tensor.bytes.count == tensor.byteCount) }
    if let tokenizer = try? Tokenizer(model) { _ = tokenizer.encode("So late again, [SEP] @crew! 😀 é") }
    guard let classifier = try? Classifier(model) else { return 0 }
    let prediction = classifier.makeWorker().classify(["so late again"])[0]
    precondition(classifier.labels.indices.contains(prediction.label))
    precondition(prediction.scores.count == classifier.labels.count)
    return 0
}
