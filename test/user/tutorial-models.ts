/** Models as a reader of Keras tutorials writes them: small, with every optimizer and every kind of layer there is. */

const digits = (body: string, optimizer: string): string => `
input pixels: u8[n, 64]
input label: u8[n]
let X = cast(pixels, f32) / 16
${body}
train { optimizer: ${optimizer} }
`;

const classified = `
output probs = softmax(logits)
loss = softmax_crossentropy(logits, label)
metric accuracy = accuracy(logits, label)`;

export const tutorialModels: Readonly<Record<string, string>> = {
  'batch norm, momentum': digits(
    `let logits = X |> dense(16, bias=false) |> batch_norm |> relu |> dense(10)${classified}`,
    'momentum(lr=0.05, mu=0.9)',
  ),
  'dropout in a sequence, rmsprop': digits(
    `let logits = X |> sequential([dense(16), relu, { dropout(0.3) }, dense(10)])${classified}`,
    'rmsprop(lr=1e-3)',
  ),
  'residual blocks with layer norm, adagrad': digits(
    `let logits = X |> dense(12) |> repeat 2 { residual { layer_norm |> dense(12) |> gelu } } |> dense(10)${classified}`,
    'adagrad(lr=0.05)',
  ),
  'a layer of its own with a state, adamw on a schedule': digits(
    `layer scale_shift()(x: f32[..., c]) {
  param s: f32[c] = 1
  param t: f32[c] = 0
  state seen: f32 = 0
  update seen = seen + 1
  return x * s + t
}
layer net(units: list)(x) = x |> repeat u in units { dense(u) |> tanh |> scale_shift }
let logits = X |> net([16, 12]) |> dense(10)${classified}`,
    'adamw(lr=exponential_decay(3e-3, 0.9, 50))',
  ),
  'denoising autoencoder': digits(
    `let encoder = dense(24) |> relu |> dense(6)
let decoder = dense(6, 24) |> relu |> dense(64) |> sigmoid
let noisy = if training then X + normal(0, 0.1, like=X) else X
output restored = decoder(encoder(noisy))
metric bright = mean(cast(label > 4, f32))
loss = mse(decoder(encoder(noisy)), X)`,
    'adam(lr=3e-3)',
  ),
  'variational autoencoder': digits(
    `layer enc(z: dim)(x: f32[b, 64]) {
  let h = x |> dense(20) |> relu
  return (h |> dense(z) as mu, h |> dense(z) as logvar)
}
let decode = dense(4, 20) |> relu |> dense(64)
let (mu, logvar) = enc(4)(X)
let z = mu + exp(0.5 * logvar) * normal(0, 1, like=mu)
let logits = decode(z)
metric bright = mean(cast(label > 4, f32))
loss recon = mean(sum(softplus(logits) - X * logits, axis=-1))
loss kl = -0.5 * mean(sum(1 + logvar - mu ** 2 - exp(logvar), axis=-1))`,
    'adam(lr=1e-3)',
  ),
  'physics-informed network: gradients of gradients': digits(
    `let x = X[:, 3:4]
let net = dense(1, 12) |> tanh |> dense(12) |> tanh |> dense(1)
let u = net(x)
let du = grad(u, x)
let d2u = grad(du, x)
let zero = zeros([1, 1])
let u0 = net(zero)
metric bright = mean(cast(label > 4, f32))
loss ode = mean((d2u + u) ** 2)
loss start = sum(u0 ** 2 + (grad(u0, zero) - 1) ** 2)`,
    'adam(lr=1e-2)',
  ),
  'logistic regression with bce': digits(
    `let chance = (X |> dense(1) |> sigmoid)[:, 0]
let target = cast(label > 4, f32)
loss = bce(chance, target)
metric accuracy = binary_accuracy(chance, target)`,
    'sgd(lr=0.1)',
  ),
};
