
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0026_training'),
    ]

    operations = [
        migrations.AlterField(
            model_name='casephoto',
            name='role',
            field=models.CharField(choices=[('before', '处置前'), ('after', '处置后'), ('near', '近景'), ('far', '远景'), ('confirm', '核实'), ('verify', '核查'), ('document', '材料'), ('reading', '读数'), ('recording', '录音录像')], max_length=10),
        ),
    ]
