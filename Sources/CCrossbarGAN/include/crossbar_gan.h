/// C interface of crossbar-gan.
///
/// Every function that can fail returns 0, or the exit code that the command line has for the same
/// failure (64 usage, 65 bad data, 66 no input, 70 internal, 73 cannot create, 74 input or output,
/// 75 interrupted and resumable). Where `problem` is not NULL it then receives the command line's
/// sentence, to be released by cgan_free. Functions may be called from any thread; calls for the same
/// handle wait for one another. Arrays are flat and row by row; nothing keeps a pointer after it
/// returns. SI units, temperatures in degrees Celsius.

#ifndef CROSSBAR_GAN_H
#define CROSSBAR_GAN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Something that cgan_…_open made; 0 is none. A closed or invented handle is refused.
typedef uint64_t cgan_handle;

/// Takes what a command says: stream 1 are results, 2 what is said on the way. An answer other than 0
/// asks a training to stop at the next step.
typedef int32_t (*cgan_listener)(
  void *context, int32_t stream, const char *text, size_t count);

/// Version of the program; not to be released.
const char *cgan_version(void);

/// Releases a text that a function handed out.
void cgan_free(char *text);

/// Releases what is behind a handle.
int32_t cgan_close(cgan_handle handle, char **problem);

/// The command line: carries out the process's own arguments and ends the process.
void cgan_main(void);

/// Carries out a command, such as {"train", "--epochs", "1", "--json"}, in this process.
///
/// The listener is called on the calling thread.
int32_t cgan_run(
  int32_t count, const char *const *arguments, cgan_listener listener, void *context,
  char **problem);

// Calibrations

/// Opens a calibration by its name or file.
int32_t cgan_calibration_open(const char *name, cgan_handle *calibration, char **problem);

/// The file's text, to be released by cgan_free.
int32_t cgan_calibration_text(cgan_handle calibration, char **text, char **problem);

/// Currents in amperes of `count` devices.
///
/// conductance in siemens and voltage in volts, one each per device; deviation are the devices' frozen
/// numbers, NULL for the mean device. Values outside the measured range are refused unless
/// `extrapolates` is not 0.
int32_t cgan_calibration_current(
  cgan_handle calibration, size_t count, const double *conductance, const double *voltage,
  const double *deviation, double temperature, int32_t extrapolates, double *current,
  char **problem);

/// Conductances in siemens after each of `pulses` equal pulses, `count` rows of `pulses`.
///
/// Voltages in volts with their signs, widths in seconds; deviation as above, of the pulse response.
int32_t cgan_calibration_pulse(
  cgan_handle calibration, size_t count, const double *conductance, const double *voltage,
  const double *width, const double *deviation, size_t pulses, int32_t extrapolates,
  double *trajectory, char **problem);

/// Frozen deviations of `count` devices of a chip: of the characteristic, of SET and of RESET steps.
int32_t cgan_calibration_sample(
  cgan_handle calibration, size_t count, uint64_t seed, double *read, double *set, double *reset,
  char **problem);

// Passive arrays with wires

/// What an array is made of; resistances in ohms, infinity for a cut.
typedef struct {
  size_t rows;
  size_t columns;
  /// rows × columns conductances in siemens.
  const double *conductance;
  /// "linear", "sinh:A", or a calibration whose states the conductances are.
  const char *device;
  double temperature;
  double word_ohm;
  double bit_ohm;
  double source_ohm;
  double sense_ohm;
  /// Not 0 where both ends of every line are connected.
  int32_t drives_both_ends;
} cgan_array;

/// Currents in amperes out of the bit lines, inputs × columns, for voltages, inputs × rows.
///
/// method is "exact" or "fast"; a tolerance of 0 is the method's own. word_nodes and bit_nodes take
/// the potentials in volts of all crossings, inputs × rows × columns each, where they are not NULL;
/// error takes the Kirchhoff residual (exact) or the estimate of the largest error (fast) in amperes.
int32_t cgan_solve(
  const cgan_array *array, size_t inputs, const double *voltage, const char *method,
  double tolerance, double *current, double *word_nodes, double *bit_nodes, double *error,
  char **problem);

// Crossbars of pairs

/// Makes an array of rows word lines and columns outputs.
///
/// configuration is the text of a run configuration (TOML, may be empty); `name` distinguishes arrays
/// of one chip.
int32_t cgan_crossbar_open(
  const char *configuration, const char *name, size_t rows, size_t columns, cgan_handle *crossbar,
  char **problem);

/// Reads `samples` voltage vectors, lines × samples volts, into amperes, sensed lines × samples.
///
/// Rows are driven and columns sensed, or the other way where `transposed` is not 0.
int32_t cgan_crossbar_read(
  cgan_handle crossbar, int32_t transposed, size_t samples, const float *voltage, float *current,
  char **problem);

/// Sends one pulse to every weight with a sign: +1 raises, −1 lowers; rows × columns.
int32_t cgan_crossbar_program(cgan_handle crossbar, const int8_t *signs, char **problem);

/// Writes differences in siemens, rows × columns: verified, or blind where `verifies` is 0.
int32_t cgan_crossbar_write(
  cgan_handle crossbar, const float *difference, int32_t verifies, char **problem);

/// Programmed conductances in siemens, rows × columns each; references of pairs without any are NaN.
int32_t cgan_crossbar_state(
  cgan_handle crossbar, float *plus, float *minus, float *reference_plus, float *reference_minus,
  char **problem);

/// What single reads find without noise: differences in siemens, rows × columns.
int32_t cgan_crossbar_differences(cgan_handle crossbar, float *difference, char **problem);

/// Conditions and books as JSON, to be released by cgan_free.
int32_t cgan_crossbar_report(cgan_handle crossbar, char **json, char **problem);

// Layers of a network

/// Makes a layer on an array: input is a shape ("784", "1x28x28"), layer a layer ("dense 128",
/// "conv 64 5x5"), weights (lines + 1) × columns with the biases last.
int32_t cgan_layer_open(
  const char *configuration, const char *input, const char *layer, size_t count,
  const float *weights, double largest_weight, int32_t index, cgan_handle *handle, char **problem);

/// Sizes: lines of the array without the bias, columns, units in, units out.
int32_t cgan_layer_sizes(cgan_handle layer, size_t sizes[4], char **problem);

/// Outputs × samples from inputs × samples by reads.
int32_t cgan_layer_forward(
  cgan_handle layer, size_t samples, const float *input, float *output, char **problem);

/// Inputs × samples from outputs × samples by transposed reads.
int32_t cgan_layer_backward(
  cgan_handle layer, size_t samples, const float *delta, float *input_delta, char **problem);

/// Keeps a batch for the next step; the slope, (lines + 1) × columns, where gradient is not NULL.
int32_t cgan_layer_keep(
  cgan_handle layer, size_t samples, const float *input, const float *delta, int32_t continues,
  float *gradient, char **problem);

/// Pulses against the slope of the batches kept.
int32_t cgan_layer_step(cgan_handle layer, double update_probability, char **problem);

/// What belongs between epochs: drift, and wires solved anew.
int32_t cgan_layer_finish_epoch(cgan_handle layer, char **problem);

/// Weights as single reads find them, (lines + 1) × columns with the biases last.
int32_t cgan_layer_weights(cgan_handle layer, float *weights, char **problem);

/// Conductances in siemens: plus, minus, reference plus, reference minus, where `count` arrays exist.
int32_t cgan_layer_state(
  cgan_handle layer, size_t *count, float *conductance, char **problem);

/// Goes on from conductances of cgan_layer_state.
int32_t cgan_layer_restore(
  cgan_handle layer, size_t count, const float *conductance, char **problem);

/// Conditions and books as JSON, to be released by cgan_free.
int32_t cgan_layer_report(cgan_handle layer, char **json, char **problem);

// Noise

/// Opens a noise source as the command line names it; calibration gives its device.
int32_t cgan_noise_open(
  const char *source, const char *calibration, uint64_t seed, uint64_t device_seed,
  int32_t keeps_going, cgan_handle *noise, char **problem);

/// The next bits, the first the most significant of the first byte; (count + 7) / 8 bytes.
int32_t cgan_noise_bits(cgan_handle noise, size_t count, uint8_t *bytes, char **problem);

/// The next latent numbers of zero mean and unit variance.
int32_t cgan_noise_latent(cgan_handle noise, size_t count, float *numbers, char **problem);

#ifdef __cplusplus
}
#endif

#endif
