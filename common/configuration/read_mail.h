// The table [mail].
#pragma once

#include "common/configuration/load_configuration.h"
#include "common/configuration/table_reader.h"

namespace rota {

// Adds what is wrong to the reader's problems.
void read_mail(TableReader reader, const Environment& environment, MailConfiguration& mail);

}  // namespace rota
