#include "common/module/job_call.h"

#include <cxxabi.h>

#include <cstdlib>
#include <exception>
#include <memory>
#include <typeinfo>

namespace rota {
namespace {

std::string current_exception_type() {
  const std::type_info* type = abi::__cxa_current_exception_type();
  if (!type) return "unknown exception";
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> name{
      abi::__cxa_demangle(type->name(), nullptr, nullptr, &status), std::free};
  return status == 0 ? name.get() : type->name();
}

JobCallResult failure(std::string text) {
  JobCallResult call;
  call.result.success = false;
  call.result.error = std::move(text);
  call.error_type = current_exception_type();
  return call;
}

}  // namespace

JobCallResult call_job(JobFunction function, JobContext& context) {
  try {
    JobCallResult call{function(context), {}};
    if (!call.result.success) call.error_type = "job";
    return call;
  } catch (const abi::__forced_unwind&) {
    throw;  // a thread that is being cancelled must unwind to its end
  } catch (const std::exception& error) {
    return failure(error.what());
  } catch (...) {
    return failure("an exception that is not derived from std::exception");
  }
}

}  // namespace rota
